/** The part of the `jexl` package that the oracle test calls; the package brings no types. */
declare module 'jexl' {
  const jexl: { evalSync(expression: string, context: object): unknown };
  export default jexl;
}
