"""Result tables of what left the laboratory, as CSV and Parquet; subjects as those outside know."""
