"""Time: days, hours and rules as a city has them."""
