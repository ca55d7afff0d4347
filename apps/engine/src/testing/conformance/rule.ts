import type { Component } from '#dataflow';

/** One thing every component must do. `faults` says, one sentence each, in what a component falls short; none when the rule does not concern its kind. */
export interface Rule {
  name: string;
  faults(component: Component): string[] | Promise<string[]>;
}
