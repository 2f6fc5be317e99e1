// Formulas are rare and their drawing is heavy: it is fetched when the first one is seen, and stays for the whole page.
import { partOf } from '../../../shared/lib/part-of';

export const useFormulas = partOf(() => import('../markdown/formula'));
