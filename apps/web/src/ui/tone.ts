/** What a colour means. Each has `--ids-<tone>-mark`, `-text` and `-soft` in tokens.css, and never stands without words or a shape. */
export type Tone = 'ok' | 'warn' | 'fail' | 'run' | 'idle';
