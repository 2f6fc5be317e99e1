// How `make pictures` takes its pictures: the browser of the tests, another folder of files.
import tests from './playwright.config';

export default { ...tests, testMatch: 'pictures.ts', timeout: 300_000, use: { ...tests.use, trace: 'off' as const } };
