"""The benchmark: how much time and work LessonGen adds to what the models need.

One benchmark a module: a function that takes the rig and returns a frozen value with its
figures. `suite` runs them all.
"""
