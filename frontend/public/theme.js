// Sets the chosen theme before the first paint, so that nothing flashes. The page's own code keeps the choice.
try {
  const theme = localStorage.getItem('omniai.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme holds.
}
