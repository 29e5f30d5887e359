"""What pages, the command line and third parties use: views of runs, kept up from their journals, and what may be done."""
