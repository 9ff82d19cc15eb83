"""Right answers in other words than the text's: what a check should doubt as rarely as it can.

Written by hand, as a model might answer; the answers of the sample lessons keep to the words of
the text, so that nothing is found in them.
"""

from collections.abc import Iterator
from random import Random

from lessongen.benchmark.quality.corruption import Corrupt, Corruption
from lessongen.benchmark.quality.editing import questions, with_item
from lessongen.lesson.lesson import Lesson

_ANSWERS = (
    ("Who is in the flat with Dawit when Hirut works?", "Dawit’s grandmother"),
    ("What does Dawit eat at seven?", "He eats some bread."),
    ("What time is Hirut's bus at the school?", "7:30"),
    ("What did Malee hear on her first Sunday in Hua Hin?", "A loud bird next door"),
    ("Why did Somchai like his loud bird?", "He did not need an alarm clock."),
    (
        "Why was that Tuesday in August a bad day for Malee?",
        "She got up late and missed a meeting.",
    ),
    ("How far did Callum carry his bags before lunch?", "He carried them eleven miles."),
    (
        "Why did Keisha need help when Callum met her?",
        "Her dog did not want to go to work with her.",
    ),
    ("Which country is Yuki from?", "She comes from Japan."),
    ("What is different about the menu on Monday?", "There are pictures instead of words."),
    (
        "What was wrong with the other table that Stavros found?",
        "He could not get it through the door.",
    ),
    ("What does Bojan tell Stavros about his wife?", "She does not know about the surprise."),
    ("Why did Halina go to bed so late that Tuesday?", "She was learning to cook from a book."),
    ("Why were the hours good for Soraya?", "She could go to college in the afternoon."),
    ("What did Soraya do before she ran to Castle Street?", "She called Gethin to say sorry."),
    ("How did Nomvula get her job at the factory?", "Through her aunt, in a single afternoon"),
    (
        "Why did Nomvula suddenly feel less sure of herself?",
        "The other candidates were better qualified than she was.",
    ),
    (
        "Which mistake did Maribel describe, and what did it lead to?",
        "She missed a damaged valve, and a village was without water for two days.",
    ),
    ("How did Maribel understand the silence after her reply?", "She thought she had failed."),
    (
        "How had the post come to require seventy hours a week?",
        "It had absorbed the work of a colleague who was never replaced.",
    ),
    ("When does Karim go to bed?", "He goes to sleep at eight o’clock."),
    ("What can Karim hear at nine?", "Somebody is playing the accordion."),
    ("How much did the sofa cost?", "It was 80 dollars."),
    ("Where did the sofa get stuck?", "It got stuck on the first floor."),
    ("What made Gennaro suspect Ornella?", "She used to be a teacher of Italian."),
    (
        "How had the notes changed by the end of April?",
        "The Italian was correct, and they were kinder.",
    ),
    (
        "How much time did Putri spend on her way to work and back when she lived in the city?",
        "Her commute took three hours every day.",
    ),
    ("What time was it in Sydney when Putri read the messages?", "9 o’clock"),
    ("How did he explain the sound of the machines to Ravi?", "He claimed that it was raining."),
    (
        "Why did the fate of the school matter so much to Ornella?",
        "Losing it would have meant giving up on the future of the village.",
    ),
    ("What do the families pay for together?", "The light on the stairs and in the basement"),
    ("How did Bogdan know how old the fish was?", "There was a date on the paper around it."),
    ("What did Moana find out when she touched the wall?", "That it was warm"),
    ("What does Tane get out of the project today?", "One third of the money that is saved"),
    ("What is every group going to make for the open evening?", "They are going to make posters."),
    ("What are they going to do on Thursday?", "Practise their talk"),
    (
        "What did Bogdan do after the elderly woman had spoken to him?",
        "He tried the survey himself and needed eleven minutes.",
    ),
    ("How did Ximena get the farmer’s phone number?", "It was written on a label."),
    ("Where was Ximena’s suitcase when she slept?", "By the train door"),
    ("What did Signe learn from the weather forecast?", "That the wind would get worse"),
    ("How did the passengers learn that the weather was better?", "They heard Kwame’s trumpet."),
    ("Why was fourth place so disappointing?", "There was no prize for it."),
    (
        "Why was the next flight with free seats of no use to Zainab?",
        "She would have arrived too late for her talk.",
    ),
    ("How did Defne and Kwabena get to Mill Square?", "They took the bus."),
    ("What did one kilo of tomatoes cost in the supermarket?", "£3"),
    ("What are the lamps made of?", "Parts of old bikes"),
    ("Why couldn't Lwazi simply switch on his lamps?", "The park did not have electricity."),
    (
        "How do we know that Lwazi wants to go on selling lamps?",
        "He has reserved his stall until the end of the year.",
    ),
    (
        "Why did it matter where the camera was opened?",
        "Light would have ruined the photographs.",
    ),
)


def right_in_other_words() -> Iterator[Corruption]:
    """Yield, for each of these answers, what puts it into its lesson."""
    for question, answer in _ANSWERS:
        yield Corruption(question, (), ("comprehension",), _answering(question, answer))


def _answering(question: str, answer: str) -> Corrupt:
    def answered(lesson: Lesson, _: Random) -> Lesson | None:
        for place, item in questions(lesson, choice=False):
            if item["question"] == question:
                return with_item(lesson, "comprehension", "items", place, {"answer": answer})
        return None

    return answered
