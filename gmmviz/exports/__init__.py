"""What a reader takes away, as text: tables for a spreadsheet, scripts that repeat a fit, a code for cameras.

Pure functions of data and run, below the screen.
"""
