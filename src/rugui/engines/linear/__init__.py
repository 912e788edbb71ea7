"""Linear classifiers over hashed features of short texts, in Chinese and in languages with spaces: what hearing, the coach's second reading
and the reading of one-line notes have in common.

`features`: a text as words, neighbours and runs of letters, hashed to slots. `learning`: logistic regression by L-BFGS, calibration.
`heads`: several questions asked of a text at once, in a small file.
"""
