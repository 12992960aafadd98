"""Chat templates in the form of each family, in our own words where they have words."""

# Content is a text, or a list of {"type": "text", "text": ...} and {"type": "image"} as the processors take it.
_PIECES = """{%- macro pieces(content, picture) -%}
{%- if content is string -%}{{ content }}
{%- else -%}{%- for one in content or [] -%}
{%- if one['type'] == 'image' -%}{{ picture }}{%- elif one['type'] == 'text' -%}{{ one['text'] }}{%- endif -%}
{%- endfor -%}{%- endif -%}
{%- endmacro -%}
"""

_TOOLS = """{%- if tools %}
{{- '<|im_start|>system\\n' }}
{%- if messages[0]['role'] == 'system' %}{{- pieces(messages[0]['content'], '') + '\\n\\n' }}{% endif %}
{{- 'Functions that you may call:\\n<tools>' }}
{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{% endfor %}
{{- '\\n</tools>\\nA call is <tool_call>{"name": ..., "arguments": ...}</tool_call>.<|im_end|>\\n' }}
{%- elif messages[0]['role'] == 'system' %}
{{- '<|im_start|>system\\n' + pieces(messages[0]['content'], '') + '<|im_end|>\\n' }}
{%- endif %}
"""

_TURNS = """{%- for message in messages %}
{%- if message['role'] == 'tool' %}
{{- '<|im_start|>user\\n<tool_response>\\n' + pieces(message['content'], PICTURE) }}
{{- '\\n</tool_response><|im_end|>\\n' }}
{%- elif message['role'] != 'system' %}
{{- '<|im_start|>' + message['role'] + '\\n' + pieces(message['content'], PICTURE) }}
{%- for call in message['tool_calls'] or [] %}
{%- set call = call['function'] or call %}
{{- '\\n<tool_call>\\n{"name": "' + call['name'] + '", "arguments": ' }}
{{- call['arguments'] if call['arguments'] is string else call['arguments'] | tojson }}{{- '}\\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}
"""

_QWEN_PICTURE = "'<|vision_start|><|image_pad|><|vision_end|>'"
_CHATML = _PIECES + _TOOLS + _TURNS
QWEN_VL = _CHATML.replace("PICTURE", _QWEN_PICTURE) + "{%- endif %}"
INTERNVL = _CHATML.replace("PICTURE", "'<IMG_CONTEXT>\\n'") + "{%- endif %}"
QWEN3 = (
    _CHATML.replace("PICTURE", "''")
    + "{%- if enable_thinking is defined and not enable_thinking %}{{- '<think>\\n\\n</think>\\n\\n' }}{% endif %}"
    + "{%- endif %}"
)
"""Thinks unless it is told not to, as Qwen 3 does."""

LLAMA = (
    _PIECES
    + """{{- bos_token }}{%- for message in messages %}
{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
{{- pieces(message['content'], '') + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"""
)

GEMMA = (
    _PIECES
    + """{{- bos_token }}
{%- set system = '' %}{%- set turns = messages %}
{%- if messages[0]['role'] == 'system' %}
{%- set system = pieces(messages[0]['content'], '') + '\\n\\n' %}{%- set turns = messages[1:] %}
{%- endif %}
{%- for message in turns %}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
{{- raise_exception('Conversation roles must alternate user/assistant') }}
{%- endif %}
{{- '<start_of_turn>' + ('model' if message['role'] == 'assistant' else message['role']) + '\\n' }}
{{- (system if loop.first else '') + pieces(message['content'], '<start_of_image>') + '<end_of_turn>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<start_of_turn>model\\n' }}{% endif %}"""
)
"""Has no system role: its text begins the first turn.  Refuses turns that do not alternate."""

LLAVA = """{%- for message in messages %}
{%- if message['role'] != 'system' %}{{- message['role'] | upper + ': ' }}{% endif %}
{%- if message['content'] is string %}{{- message['content'] + ' ' }}
{%- else %}
{%- for one in message['content'] if one['type'] == 'image' %}{{- '<image>\\n' }}{% endfor %}
{%- for one in message['content'] if one['type'] == 'text' %}{{- one['text'] + ' ' }}{% endfor %}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- 'ASSISTANT:' }}{% endif %}"""
"""Puts a turn's pictures before its words, as the family was trained."""

_IDEFICS = (
    _PIECES
    + """{{- 'BEGIN' }}{%- for message in messages %}
{{- message['role'] | capitalize }}
{%- set first = '' if message['content'] is string else message['content'][0]['type'] %}
{{- ':' if first == 'image' else ': ' }}
{{- pieces(message['content'], '<image>') + '<end_of_utterance>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{- 'Assistant:' }}{% endif %}"""
)
IDEFICS3 = _IDEFICS.replace("BEGIN", "<|begin_of_text|>")
SMOLVLM = _IDEFICS.replace("BEGIN", "<|im_start|>")
