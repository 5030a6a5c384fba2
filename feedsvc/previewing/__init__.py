"""The site as its officers see it while they write: everything, marked, on their own machine and nowhere else."""
