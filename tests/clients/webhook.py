"""An admission webhook: webhook.py CERTIFICATE KEY. Denies objects with the label `forbidden`, says a warning about those with the label `odd`, and at /mutate puts an
annotation on all."""

import base64
import http.server
import json
import ssl
import sys


class Webhook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = review["request"]
        metadata = request["object"]["metadata"]
        labels = metadata.get("labels") or {}
        response = {"uid": request["uid"], "allowed": "forbidden" not in labels}
        if not response["allowed"]:
            response["status"] = {"message": f"{request['kind']['kind']} {request['name']} is not wanted by {request['userInfo']['username']}"}
        if "odd" in labels:
            response["warnings"] = [f"{request['operation']} of something odd"]
        if self.path.startswith("/mutate"):
            annotations = {**(metadata.get("annotations") or {}), "seen": request["operation"]}
            patch = [{"op": "add", "path": "/metadata/annotations", "value": annotations}]
            response |= {"patchType": "JSONPatch", "patch": base64.b64encode(json.dumps(patch).encode()).decode()}
        answer = json.dumps({"apiVersion": review["apiVersion"], "kind": review["kind"], "response": response}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server = http.server.ThreadingHTTPServer(("", 8443), Webhook)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
