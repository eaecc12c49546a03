"""How well the rules do on real data with known truth, and floors that no change may fall under."""
