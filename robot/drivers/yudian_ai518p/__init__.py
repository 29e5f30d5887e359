"""Yudian AI-518P, AI-708P, AI-719P: furnace controllers with a programmer, behind AIBUS."""

from robot.drivers.yudian_ai518p.driver import YudianAI518P

__all__ = ["YudianAI518P"]
