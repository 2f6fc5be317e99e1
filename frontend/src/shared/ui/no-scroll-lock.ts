// Stands in for `react-remove-scroll`: Radix imports it for overlays and modal menus, of which the page draws none, since its
// frame does not scroll. The build's alias is in vite.config.ts.
export { Fragment as RemoveScroll } from 'react';
