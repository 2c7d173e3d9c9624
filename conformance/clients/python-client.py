# The official Python client, as its users use it: python-client.py KUBECONFIG. Ends with 0 when all is as it should be.

import sys
import time

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import stream

config.load_kube_config(sys.argv[1])
core = client.CoreV1Api()
networking = client.NetworkingV1Api()
NAMESPACE = "default"


def check(what, is_so):
    if not is_so:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}")


def pod(name):
    container = client.V1Container(name="main", image="portcullis/echo", ports=[client.V1ContainerPort(container_port=8080)])
    metadata = client.V1ObjectMeta(name=name, labels={"suite": "python"})
    return client.V1Pod(metadata=metadata, spec=client.V1PodSpec(containers=[container]))


def refused(code, action):
    try:
        action()
    except ApiException as error:
        return error.status == code
    return False


# Objects.
core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="made"), data={"a": "1"}))
patched = core.patch_namespaced_config_map("made", NAMESPACE, {"data": {"b": "2"}})
check("a patch is merged", patched.data == {"a": "1", "b": "2"})
check("an object that exists is not made again", refused(409, lambda: core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="made")))))
check("a missing object is 404", refused(404, lambda: core.read_namespaced_config_map("none", NAMESPACE)))

# A watch, from the list on, through the pod's whole life.
version = core.list_namespaced_pod(NAMESPACE).metadata.resource_version
core.create_namespaced_pod(NAMESPACE, pod("watched"))
types = []
watching = watch.Watch()
for event in watching.stream(core.list_namespaced_pod, NAMESPACE, resource_version=version, label_selector="suite=python", timeout_seconds=30):
    types.append(event["type"])
    if event["type"] == "MODIFIED" and event["object"].status.phase == "Running" and len(types) < 1000:
        core.delete_namespaced_pod("watched", NAMESPACE)
        types.extend(["-"] * 1000)
    if event["type"] == "DELETED":
        watching.stop()
check("a watch sees a pod come", types[0] == "ADDED")
check("and go", types[-1] == "DELETED")

# exec, over a WebSocket.
core.create_namespaced_pod(NAMESPACE, pod("server"))
for _ in range(300):
    conditions = core.read_namespaced_pod("server", NAMESPACE).status.conditions or []
    if any(each.type == "Ready" and each.status == "True" for each in conditions):
        break
    time.sleep(0.1)
said = stream(core.connect_get_namespaced_pod_exec, "server", NAMESPACE, command=["sh", "-c", "echo out; echo err >&2"], stdout=True, stderr=True, stdin=False, tty=False)
check("exec says what the program printed", sorted(said.split()) == ["err", "out"])
session = stream(core.connect_get_namespaced_pod_exec, "server", NAMESPACE, command=["sh"], stdin=True, stdout=True, stderr=True, tty=False, _preload_content=False)
session.write_stdin("echo $((6*7)); exit 4\n")
text = ""
while session.is_open():
    session.update(timeout=1)
    if session.peek_stdout():
        text += session.read_stdout()
check("a session answers what is typed", text.strip() == "42")
check("and its exit code is known", session.returncode == 4)

# A policy, and its validation.
policy = client.V1NetworkPolicy(metadata=client.V1ObjectMeta(name="deny"), spec=client.V1NetworkPolicySpec(pod_selector=client.V1LabelSelector()))
made = networking.create_namespaced_network_policy(NAMESPACE, policy)
check("a policy has its types", made.spec.policy_types == ["Ingress"])
bad = {"metadata": {"name": "bad"}, "spec": {"podSelector": {}, "policyTypes": ["Sideways"]}}
check("a bad policy is 422", refused(422, lambda: networking.create_namespaced_network_policy(NAMESPACE, bad)))
