import type { Component } from '#dataflow';

/** The component repository: every component of this build, sorted by id. The path of a component's file under this folder is its id. */
export const components: readonly Component[] = [];

const byName = new Map<string, Component>(
  components.flatMap((component) => [component.type, ...(component.aliases ?? [])].map((name) => [name.toLowerCase(), component] as const)),
);

/** The component of a step's `type`: surrounding blanks and letter case do not matter, other spellings of the id are known. */
export const findComponent = (type: string): Component | undefined => byName.get(type.trim().toLowerCase());
