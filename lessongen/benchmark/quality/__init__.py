"""How well the checks of a lesson find what is wrong with it, and how often they cry wolf."""
