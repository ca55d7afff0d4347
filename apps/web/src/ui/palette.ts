import type { MantineColorsTuple } from '@mantine/core';

/** The accent: a quiet blue-green, far enough from the green of success to be told apart. */
export const petrol: MantineColorsTuple = [
  '#ecf6f8',
  '#d5ebef',
  '#a9d5dd',
  '#7abeca',
  '#52a8b7',
  '#2f909f',
  '#187c8b',
  '#0d6775',
  '#0a525e',
  '#083e48',
];

/** Warm neutrals of the light scheme; index 6 is the dimmed text and holds 4.5:1 on every surface. */
export const gray: MantineColorsTuple = [
  '#faf9f7',
  '#f4f2ee',
  '#ebe8e2',
  '#dedad2',
  '#c6c1b7',
  '#a39d92',
  '#6f695f',
  '#57524a',
  '#3f3b36',
  '#262421',
];

/** Warm neutrals of the dark scheme, text first, page last. */
export const dark: MantineColorsTuple = [
  '#ebe8e3',
  '#d2cdc5',
  '#aea89e',
  '#7d776d',
  '#403c37',
  '#322f2b',
  '#272522',
  '#1c1a18',
  '#161513',
  '#100f0e',
];

export const green: MantineColorsTuple = [
  '#edf7ee',
  '#d8edda',
  '#b0dab5',
  '#84c58c',
  '#5eb269',
  '#419c4e',
  '#2f853c',
  '#246d30',
  '#1c5626',
  '#133f1b',
];

export const red: MantineColorsTuple = [
  '#fdf0ed',
  '#fadcd5',
  '#f3b7a9',
  '#ec917c',
  '#e36f55',
  '#d5533a',
  '#bd4129',
  '#a03320',
  '#7f2919',
  '#5d1f13',
];

export const amber: MantineColorsTuple = [
  '#fdf5e6',
  '#fae8c6',
  '#f4d08d',
  '#edb755',
  '#df9f2c',
  '#c58716',
  '#a56c0b',
  '#835406',
  '#654006',
  '#492f06',
];
