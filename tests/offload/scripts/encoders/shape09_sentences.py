import sys

import torch

SENTENCES = ["a first sentence", "the second, which is longer than the first", "3", "four", "and a fifth"]


def show(name, value):
    print(name, tuple(value.shape), str(value.dtype), value.flatten()[-4:].tolist())


def main():
    from sentence_transformers import CrossEncoder, SentenceTransformer

    model = SentenceTransformer(f"{sys.argv[1]}/bert")
    show("encode", model.encode(SENTENCES))
    show("batches", model.encode(SENTENCES, batch_size=2, normalize_embeddings=True, convert_to_tensor=True))
    show("one", model.encode(SENTENCES[0]))
    show("tokens", model.encode(SENTENCES[:2], output_value="token_embeddings")[1])
    show("similarity", model.similarity(model.encode(SENTENCES[:2]), model.encode(SENTENCES[2:])))
    ranker = CrossEncoder(f"{sys.argv[1]}/ranker")
    show("pairs", torch.tensor(ranker.predict([("a question", text) for text in SENTENCES])))
    print([found["corpus_id"] for found in ranker.rank("a question", SENTENCES)])
    pool = model.start_multi_process_pool(["cpu", "cpu"])
    show("pool", model.encode(SENTENCES * 3, pool=pool, batch_size=4, chunk_size=8))
    model.stop_multi_process_pool(pool)


if __name__ == "__main__":
    main()
