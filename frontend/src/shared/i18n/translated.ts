// What a translation must hold: every key of the English words, and the plural forms that its language has besides. Types alone.

/** Spanish counts whole millions apart ("1.000.000 de tokens"), which English does not. */
export type Translated<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Translated<English[Key]>;
} & { readonly [Key in keyof English as Key extends `${infer Stem}_other` ? `${Stem}_many` : never]: string };
