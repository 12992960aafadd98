"""Any server that speaks OpenAI's chat completions (vLLM, SGLang, llama.cpp, Ollama, LM Studio), as an engine."""
