"""What is known of the South Kalimantan programme of 2020, entered as its people would have: by calling the actions.

What the sources do not tell stays unknown. Every invented name says CONTOH, and every example NIK has the sequence 0000,
which is never issued.
"""
