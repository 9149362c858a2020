"""What training says in the final report: who took part and who taught, the days and who was there, mentoring, and the money."""

from trainings.chapters import days, mentoring, money, people

__all__ = ["days", "mentoring", "money", "people"]
