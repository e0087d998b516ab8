"""What a road map is worth to stay in when some of the numbers of a case are wrong, but no more than a stated budget.

Row by row as in Bertsimas & Sim, Oper. Res. 52 (2004) 35-53: up to a number Γ of a party's uncertain numbers lie at the
worse ends of their ranges, and one more a fraction of the way.
"""
