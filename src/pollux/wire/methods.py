"""The methods of a model, as paths and `supportedGenerationMethods` name them."""

from __future__ import annotations

GENERATE = "generateContent"
STREAM = "streamGenerateContent"
COUNT = "countTokens"
EMBED = "embedContent"
BATCH_EMBED = "batchEmbedContents"
BATCH_GENERATE = "batchGenerateContent"
ASYNC_EMBED = "asyncBatchEmbedContent"
PREDICT = "predict"
PREDICT_LONG = "predictLongRunning"
