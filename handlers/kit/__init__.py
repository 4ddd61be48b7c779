"""The kit: what every feature is made of, in words no platform owns."""
