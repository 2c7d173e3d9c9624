/** A Deployment whose pods have the label `app: NAME`. */
export function deployment(name: string, spec: object = {}, image = "nginx:1"): object {
  return workload("Deployment", name, { replicas: 3, ...spec }, image);
}

export function workload(kind: string, name: string, spec: object = {}, image = "nginx:1"): object {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "default", labels },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "main", image }] } },
      ...spec,
    },
  };
}

/** The object with another image in its pod template. */
export function withImage(image: string) {
  return <T extends { spec: { template: { spec: object } } }>(object: T): T => ({
    ...object,
    spec: {
      ...object.spec,
      template: {
        ...object.spec.template,
        spec: { ...object.spec.template.spec, containers: [{ name: "main", image }] },
      },
    },
  });
}
