// A self-signed certificate of a server that only tests speak to, for 127.0.0.1 and api.test; good for a hundred years. The
// key protects nothing.

export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBpzCCAUygAwIBAgIUYRshf7SpJvVQamCHpA2UxvD8Ya0wCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPcG9ydGN1bGxpcyB0ZXN0MCAXDTI2MTEyMzA2NDAyNloYDzIx
MjYxMDMwMDY0MDI2WjAaMRgwFgYDVQQDDA9wb3J0Y3VsbGlzIHRlc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAATw4W+kLSEmRoSJqUci7lXS3DfsH1kTq9t1kgtG
caHpnWqIHy5EokSSjGvsfhxx6VSE+KWQ0t9EcM5+nvo6ebyqo24wbDAdBgNVHQ4E
FgQUcLJ1XtF1624AalHASPCdk0EdSnQwHwYDVR0jBBgwFoAUcLJ1XtF1624AalHA
SPCdk0EdSnQwDwYDVR0TAQH/BAUwAwEB/zAZBgNVHREEEjAQhwR/AAABgghhcGku
dGVzdDAKBggqhkjOPQQDAgNJADBGAiEAvyw1w4+Hmr+Y93VbiT4f2sKL6dnX9oJq
rH5z/JOaKvQCIQCuGVDPqeGdoyxGaq6SnSkTbOromXrbOtMPdNDMxRFebg==
-----END CERTIFICATE-----
`;

export const testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRDiqNqtCNP7r5EaC
RFdLhnV66VACLxiNEly1mvh48tyhRANCAATw4W+kLSEmRoSJqUci7lXS3DfsH1kT
q9t1kgtGcaHpnWqIHy5EokSSjGvsfhxx6VSE+KWQ0t9EcM5+nvo6ebyq
-----END PRIVATE KEY-----
`;
