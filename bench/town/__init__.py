"""A made-up town for the simulated quarter: who lives and works there, what they do and when, and who watches."""
