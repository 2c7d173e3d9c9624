/** The web app: three views of one selection. */
export function App() {
  return <h1>Portcullis</h1>;
}
