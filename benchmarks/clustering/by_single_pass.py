"""Single pass: each article, as it comes, goes to the story with the likest centroid, or opens one.

What streaming systems do. Vectors are scikit-learn's; their idf knows the whole day beforehand, which no stream does.

python -m benchmarks.clustering.by_single_pass FOLDER NAME CUT
"""

import sys
from collections.abc import Sequence

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.clustering.contest import Article, run


def group(articles: Sequence[Article]) -> list[int]:
    """In order of publication; the cut is on the cosine with the centroid."""
    texts = [f"{a.title}. {a.text}" for a in articles]
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(texts)
    similar = (vectors @ vectors.T).toarray()
    cut = float(sys.argv[3])
    order = sorted(range(len(articles)), key=lambda n: (articles[n].published_at or "", n))
    labels = np.full(len(articles), -1)
    squares: list[float] = []  # of the sums of each story's vectors
    for place, n in enumerate(order):
        before = order[:place]
        sums = np.bincount(labels[before], weights=similar[n, before], minlength=len(squares))
        cosines = sums / np.sqrt(squares)
        story = int(cosines.argmax()) if before else -1
        if story < 0 or cosines[story] < cut:
            labels[n] = len(squares)
            squares.append(1.0)
        else:
            labels[n] = story
            squares[story] += 1.0 + 2.0 * float(sums[story])
    return [int(label) for label in labels]


if __name__ == "__main__":
    run(group, version=f"scikit-learn {sklearn.__version__}")
