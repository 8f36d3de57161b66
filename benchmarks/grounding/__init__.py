"""What leaves the bot when its model is good, small, lying, or obedient to attackers."""
