"""scikit-learn: AgglomerativeClustering, average link over cosine distances of its own TF-IDF of words and pairs.

python -m benchmarks.clustering.by_scikit FOLDER NAME CUT
"""

import sys
from collections.abc import Sequence

import sklearn
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.clustering.contest import Article, run


def group(articles: Sequence[Article]) -> list[int]:
    """Joined while the mean cosine is at least the cut."""
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(
        f"{a.title}. {a.text}" for a in articles
    )
    distances = (1 - (vectors @ vectors.T).toarray()).clip(0, 2)
    joining = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - float(sys.argv[3])
    )
    return [int(label) for label in joining.fit_predict(distances)]


if __name__ == "__main__":
    run(group, version=f"scikit-learn {sklearn.__version__}")
