/** What a new custom script starts as. */
export const defaultScript = 'function process(record, ctx, logger, next, error) {\n\n  return record;\n}\n';
