"""sentence-transformers: embeddings in batches, normalised, with prompts, over several processes; a cross-encoder that scores pairs."""

import sys

import torch

SENTENCES = ["a first sentence", "the second, which is longer than the first", "3", "four", "and a fifth"]


def show(name, value):
    print(name, type(value).__name__, tuple(value.shape), str(value.dtype), value.flatten()[-4:].tolist())


def main():
    from sentence_transformers import CrossEncoder, SentenceTransformer, models, util

    path = f"{sys.argv[1]}/bert"
    model = SentenceTransformer(path, prompts={"query": "query: ", "passage": "passage: "})
    print(model.get_embedding_dimension(), model.max_seq_length, model.device, type(model[0].auto_model).__name__)
    show("encode", model.encode(SENTENCES))
    show("batches", model.encode(SENTENCES, batch_size=2, normalize_embeddings=True, convert_to_tensor=True))
    show("one", model.encode(SENTENCES[0]))
    print([tuple(one.shape) for one in model.encode(SENTENCES[:2], convert_to_numpy=False)])
    show("tokens", model.encode(SENTENCES[:2], output_value="token_embeddings")[1])
    print(sorted(model.encode(SENTENCES[:1], output_value=None)[0]))
    show("prompt by name", model.encode(SENTENCES[:2], prompt_name="query"))
    show("prompt", model.encode(SENTENCES[:2], prompt="passage: "))
    show("query", model.encode_query(SENTENCES[:2]))
    show("document", model.encode_document(SENTENCES[:2]))
    show("truncated", model.encode(SENTENCES[:2], truncate_dim=8))
    print(model.encode(SENTENCES, precision="int8").dtype)
    show("similarity", model.similarity(model.encode(SENTENCES[:2]), model.encode(SENTENCES[2:])))
    found = util.semantic_search(model.encode(SENTENCES[:1]), model.encode(SENTENCES[1:]), top_k=2)
    print([[hit["corpus_id"] for hit in hits] for hits in found])
    with torch.no_grad():
        show("forward", model(model.preprocess(SENTENCES[:2]))["sentence_embedding"])
    model.max_seq_length = 6
    show("short", model.encode(SENTENCES))
    words = models.Transformer(f"{sys.argv[1]}/roberta")
    built = SentenceTransformer(
        modules=[words, models.Pooling(words.get_embedding_dimension(), "max"), models.Normalize()]
    )
    show("built of modules", built.encode(SENTENCES))

    ranker = CrossEncoder(f"{sys.argv[1]}/ranker")
    pairs = [("a question", text) for text in SENTENCES]
    show("pairs", ranker.predict(pairs))
    show("raw scores", ranker.predict(pairs, batch_size=2, activation_fn=torch.nn.Identity(), convert_to_tensor=True))
    print(ranker.predict(pairs[0]).item())
    print([hit["corpus_id"] for hit in ranker.rank("a question", SENTENCES)])
    show("classes", CrossEncoder(f"{sys.argv[1]}/classifier").predict(pairs, apply_softmax=True))

    model = SentenceTransformer(path)
    pool = model.start_multi_process_pool(["cpu", "cpu"])
    show("pool", model.encode(SENTENCES * 3, pool=pool, batch_size=4, chunk_size=8))
    show("pool again", model.encode(SENTENCES, pool=pool, normalize_embeddings=True))
    model.stop_multi_process_pool(pool)
    show("after the pool", model.encode(SENTENCES))


if __name__ == "__main__":
    main()
