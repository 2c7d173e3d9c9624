export default function Workbench() {
  return <h1>Workbench</h1>;
}
