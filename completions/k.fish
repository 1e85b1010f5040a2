# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_k_global_optspecs
    string join \n n/namespace= kubeconfig= context= cluster= user= s/server= token= username= password= certificate-authority= client-certificate= client-key= insecure-skip-tls-verify= tls-server-name= as= as-group= as-uid= as-user-extra= cache-dir= request-timeout= disable-compression= match-server-version= proxy-url= kuberc= warnings-as-errors= v/v= vmodule= log-flush-frequency= profile= profile-output= h/help
end

function __fish_k_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_k_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_k_using_subcommand
    set -l cmd (__fish_k_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c k -n "__fish_k_needs_command" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_needs_command" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_needs_command" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_needs_command" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_needs_command" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_needs_command" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_needs_command" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_needs_command" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_needs_command" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_needs_command" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_needs_command" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_needs_command" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_needs_command" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_needs_command" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_needs_command" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_needs_command" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_needs_command" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_needs_command" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_needs_command" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_needs_command" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_needs_command" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_needs_command" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_needs_command" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_needs_command" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_needs_command" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_needs_command" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_needs_command" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_needs_command" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_needs_command" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_needs_command" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_needs_command" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_needs_command" -f -a "annotate" -d 'Update the annotations on a resource'
complete -c k -n "__fish_k_needs_command" -f -a "api-resources" -d 'Print the supported API resources on the server'
complete -c k -n "__fish_k_needs_command" -f -a "api-versions" -d 'Print the supported API versions on the server, in the form of "group/version"'
complete -c k -n "__fish_k_needs_command" -f -a "apply" -d 'Apply a configuration to a resource by file name or stdin'
complete -c k -n "__fish_k_needs_command" -f -a "attach" -d 'Attach to a running container'
complete -c k -n "__fish_k_needs_command" -f -a "auth" -d 'Inspect authorization'
complete -c k -n "__fish_k_needs_command" -f -a "autoscale" -d 'Auto-scale a deployment, replica set, stateful set, or replication controller'
complete -c k -n "__fish_k_needs_command" -f -a "cluster" -d 'Start, stop and look at a cluster on this machine'
complete -c k -n "__fish_k_needs_command" -f -a "cluster-info" -d 'Display cluster information'
complete -c k -n "__fish_k_needs_command" -f -a "completion" -d 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)'
complete -c k -n "__fish_k_needs_command" -f -a "config" -d 'Modify kubeconfig files'
complete -c k -n "__fish_k_needs_command" -f -a "cordon" -d 'Mark node as unschedulable'
complete -c k -n "__fish_k_needs_command" -f -a "create" -d 'Create a resource from a file or from stdin'
complete -c k -n "__fish_k_needs_command" -f -a "delete" -d 'Delete resources by file names, stdin, resources and names, or by resources and label selector'
complete -c k -n "__fish_k_needs_command" -f -a "describe" -d 'Show details of a specific resource or group of resources'
complete -c k -n "__fish_k_needs_command" -f -a "drain" -d 'Drain node in preparation for maintenance'
complete -c k -n "__fish_k_needs_command" -f -a "edit" -d 'Edit a resource on the server'
complete -c k -n "__fish_k_needs_command" -f -a "exec" -d 'Execute a command in a container'
complete -c k -n "__fish_k_needs_command" -f -a "expose" -d 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service'
complete -c k -n "__fish_k_needs_command" -f -a "get" -d 'Display one or many resources'
complete -c k -n "__fish_k_needs_command" -f -a "image" -d 'Build, import and look at container images of a cluster on this machine'
complete -c k -n "__fish_k_needs_command" -f -a "label" -d 'Update the labels on a resource'
complete -c k -n "__fish_k_needs_command" -f -a "logs" -d 'Print the logs for a container in a pod'
complete -c k -n "__fish_k_needs_command" -f -a "patch" -d 'Update fields of a resource'
complete -c k -n "__fish_k_needs_command" -f -a "port-forward" -d 'Forward one or more local ports to a pod'
complete -c k -n "__fish_k_needs_command" -f -a "replace" -d 'Replace a resource by file name or stdin'
complete -c k -n "__fish_k_needs_command" -f -a "rollout" -d 'Manage the rollout of a resource'
complete -c k -n "__fish_k_needs_command" -f -a "run" -d 'Run a particular image on the cluster'
complete -c k -n "__fish_k_needs_command" -f -a "scale" -d 'Set a new size for a deployment, replica set, or replication controller'
complete -c k -n "__fish_k_needs_command" -f -a "server" -d 'Run a whole cluster in this process, in the foreground'
complete -c k -n "__fish_k_needs_command" -f -a "set" -d 'Set specific features on objects'
complete -c k -n "__fish_k_needs_command" -f -a "taint" -d 'Update the taints on one or more nodes'
complete -c k -n "__fish_k_needs_command" -f -a "uncordon" -d 'Mark node as schedulable'
complete -c k -n "__fish_k_needs_command" -f -a "version" -d 'Print the client and server version information'
complete -c k -n "__fish_k_needs_command" -f -a "wait" -d 'Wait for a specific condition on one or many resources'
complete -c k -n "__fish_k_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand annotate" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand annotate" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l all -d 'Select all resources, in the namespace of the specified resource types' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s A -l all-namespaces -d 'If true, check the specified action in all namespaces' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l field-selector -d 'Selector (field query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l list -d 'If true, only display what a given resource has' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l local -d 'If true, do not contact the server but run locally' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l overwrite -d 'If true, allow existing values to be overwritten, otherwise reject updates that overwrite them' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l resource-version -d 'If non-empty, the update will only succeed if this is the current resource-version for the object' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand annotate" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand annotate" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand api-resources" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l api-group -d 'Limit to resources in the specified API group' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l cached -d 'Use the cached list of resources if available' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l categories -d 'Limit to resources that belong to the specified categories' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l namespaced -d 'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand api-resources" -l no-headers -d 'When using the default or custom-column output format, don\'t print headers (default print headers)' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -s o -l output -d 'Output format. One of: (json, yaml, kyaml, name, wide)' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l sort-by -d 'If non-empty, sort list of resources using specified field. The field can be either \'name\' or \'kind\'' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -l verbs -d 'Limit to resources that support the specified verbs' -r
complete -c k -n "__fish_k_using_subcommand api-resources" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand api-versions" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand api-versions" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand apply" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand apply" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand apply" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand apply" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand apply" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand apply" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand apply" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand apply" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand apply" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand apply" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand apply" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand apply" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand apply" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand apply" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand apply" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand apply" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand apply" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand apply" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand apply" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand apply" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand apply" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand apply" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand apply" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand apply" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand apply" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand apply" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand apply" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand apply" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand apply" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand apply" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand apply" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand apply" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand apply" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand apply" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand apply" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand apply" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand apply" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand apply" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand apply" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand apply" -l all -d 'Select all resources in the namespace of the specified resource types' -r
complete -c k -n "__fish_k_using_subcommand apply" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand apply" -l server-side -d 'If true, apply runs in the server instead of the client' -r
complete -c k -n "__fish_k_using_subcommand apply" -l force-conflicts -d 'If true, server-side apply will force the changes against conflicts' -r
complete -c k -n "__fish_k_using_subcommand apply" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand apply" -l overwrite -d 'Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand apply" -l force -d 'If true, immediately remove resources from API and bypass graceful deletion' -r
complete -c k -n "__fish_k_using_subcommand apply" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand attach" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand attach" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand attach" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand attach" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand attach" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand attach" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand attach" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand attach" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand attach" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand attach" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand attach" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand attach" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand attach" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand attach" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand attach" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand attach" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand attach" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand attach" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand attach" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand attach" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand attach" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand attach" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand attach" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand attach" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand attach" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand attach" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand attach" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand attach" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand attach" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand attach" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand attach" -s c -l container -d 'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation or the first container in the pod' -r
complete -c k -n "__fish_k_using_subcommand attach" -l detach-keys -d 'Override the key sequence for detaching a container' -r
complete -c k -n "__fish_k_using_subcommand attach" -l pod-running-timeout -d 'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running' -r
complete -c k -n "__fish_k_using_subcommand attach" -s q -l quiet -d 'Only print output from the remote session' -r
complete -c k -n "__fish_k_using_subcommand attach" -s i -l stdin -d 'Pass stdin to the container' -r
complete -c k -n "__fish_k_using_subcommand attach" -s t -l tty -d 'Stdin is a TTY' -r
complete -c k -n "__fish_k_using_subcommand attach" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -f -a "can-i" -d 'Check whether an action is allowed'
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -f -a "whoami" -d 'Experimental: Check self subject attributes'
complete -c k -n "__fish_k_using_subcommand auth; and not __fish_seen_subcommand_from can-i whoami help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s A -l all-namespaces -d 'If true, check the specified action in all namespaces' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l list -d 'If true, prints all allowed actions' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l no-headers -d 'If true, prints allowed actions without headers' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s q -l quiet -d 'If true, suppress output and just return the exit code' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l subresource -d 'SubResource such as pod/log or deployment/scale' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from can-i" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from whoami" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "can-i" -d 'Check whether an action is allowed'
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "whoami" -d 'Experimental: Check self subject attributes'
complete -c k -n "__fish_k_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand autoscale" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand autoscale" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l cpu -d 'Target CPU utilization over all the pods: a percentage ("70%") of what they request, or an amount ("500m")' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l cpu-percent -d 'The target average CPU utilization (represented as a percent of requested CPU) over all the pods' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l max -d 'The upper limit for the number of pods that can be set by the autoscaler. Required' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l memory -d 'Target memory utilization over all the pods: a percentage ("70%") of what they request, or an amount ("500Mi")' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l min -d 'The lower limit for the number of pods that can be set by the autoscaler. If it\'s not specified or negative, the server will apply a default value' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l name -d 'The name for the newly created object. If not specified, the name of the input resource will be used' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand autoscale" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -f -a "start" -d 'Start a cluster in the background and return when its node is Ready'
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -f -a "stop" -d 'Stop a cluster: its containers end, its objects stay'
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -f -a "status" -d 'Say how a cluster is'
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -f -a "delete" -d 'Delete a cluster and everything that belongs to it'
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -f -a "logs" -d 'Print the log of a cluster\'s server'
complete -c k -n "__fish_k_using_subcommand cluster; and not __fish_seen_subcommand_from start stop status delete logs help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l api-port -d 'Port of the API server [default: the first from 6443 that no other cluster here has]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l pod-cidr -d 'Network of the pods [default: 10.244.0.0/16, or the next that is free]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l service-cidr -d 'Network of the services [default: 10.96.0.0/16, or the next that is free]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l node-name -d 'Name of this machine\'s node [default: the machine\'s name]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l node-ip -d 'Address of this machine\'s node [default: the one of the default route]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l container-runtime-endpoint -d 'Socket of a container runtime to use instead of a private containerd' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l datastore-endpoints -d 'Addresses of an etcd to keep the cluster\'s state in, instead of a file here: https://10.0.0.1:2379,https://10.0.0.2:2379' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l datastore-cafile -d 'Certificate authority of that etcd' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l datastore-certfile -d 'Certificate to show to that etcd' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l datastore-keyfile -d 'Key of the certificate' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l older-versions -d 'Accept manifests of API versions that Kubernetes has removed, such as extensions/v1beta1 [default: true]' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l enable-admission-plugins -d 'Admission plugins to run in addition to the default ones' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l disable-admission-plugins -d 'Default admission plugins not to run' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l audit-policy-file -d 'File with the audit policy, of audit.k8s.io/v1' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l audit-log-path -d 'File that the audit log is written to' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l audit-log-maxsize -d 'Megabytes at which the audit log is put aside [default: 100]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l audit-log-maxbackup -d 'Audit logs put aside that are kept; 0 keeps all [default: 10]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l encryption-key-file -d 'File with the keys that seal secrets in the store, one a line, base64 of 32 bytes; the first seals, all of them open [default: a key of the cluster\'s own]' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-issuer-url -d 'URL of an OpenID Connect issuer whose tokens are taken' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-client-id -d 'Client that the issuer\'s tokens must be for' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-ca-file -d 'File with the authority of the issuer\'s certificate [default: those of this machine]' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-username-claim -d 'Claim that is the user\'s name [default: sub]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-username-prefix -d 'What is put before users\' names; - for nothing [default: the issuer and #, but for the claim email]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-groups-claim -d 'Claim that is the user\'s groups' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-groups-prefix -d 'What is put before groups\' names' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-required-claim -d 'A claim that tokens must have, with its value; can be given several times' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l oidc-signing-algs -d 'Algorithms that tokens may be signed with [default: RS256]' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l wait -d 'How long to wait for the node to be Ready' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Print what is added until interrupted' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l tail -d 'Lines from the end to begin with; -1 is all' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "start" -d 'Start a cluster in the background and return when its node is Ready'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "stop" -d 'Stop a cluster: its containers end, its objects stay'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "status" -d 'Say how a cluster is'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete a cluster and everything that belongs to it'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "logs" -d 'Print the log of a cluster\'s server'
complete -c k -n "__fish_k_using_subcommand cluster; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand cluster-info" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cluster-info" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand completion" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand completion" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand completion" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand completion" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand completion" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand completion" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand completion" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand completion" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand completion" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand completion" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand completion" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand completion" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand completion" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand completion" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand completion" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand completion" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand completion" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand completion" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand completion" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand completion" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand completion" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand completion" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand completion" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand completion" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand completion" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand completion" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand completion" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand completion" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand completion" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand completion" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand completion" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "current-context" -d 'Display the current-context'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "delete-cluster" -d 'Delete the specified cluster from the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "delete-context" -d 'Delete the specified context from the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "delete-user" -d 'Delete the specified user from the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "get-clusters" -d 'Display clusters defined in the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "get-contexts" -d 'Describe one or many contexts'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "get-users" -d 'Display users defined in the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "rename-context" -d 'Rename a context from the kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "set" -d 'Set an individual value in a kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "set-cluster" -d 'Set a cluster entry in kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "set-context" -d 'Set a context entry in kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "set-credentials" -d 'Set a user entry in kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "unset" -d 'Unset an individual value in a kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "use-context" -d 'Set the current-context in a kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "view" -d 'Display merged kubeconfig settings or a specified kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and not __fish_seen_subcommand_from current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context view help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from current-context" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-cluster" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-context" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from delete-user" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-clusters" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l no-headers -d 'When using the default or custom-column output format, don\'t print headers (default print headers)' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s o -l output -d 'Output format. One of: (name)' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-contexts" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from get-users" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from rename-context" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l set-raw-bytes -d 'When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l embed-certs -d 'embed-certs for the cluster entry in kubeconfig' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-cluster" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l current -d 'Modify the current context' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-context" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l embed-certs -d 'Embed client cert/key for the user entry in kubeconfig' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from set-credentials" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from unset" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from use-context" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l flatten -d 'Flatten the resulting kubeconfig file into self-contained output' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l merge -d 'Merge the full hierarchy of kubeconfig files' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l minify -d 'Remove all information not used by current-context from the output' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l raw -d 'Display raw byte data and sensitive data' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from view" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "current-context" -d 'Display the current-context'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "delete-cluster" -d 'Delete the specified cluster from the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "delete-context" -d 'Delete the specified context from the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "delete-user" -d 'Delete the specified user from the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get-clusters" -d 'Display clusters defined in the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get-contexts" -d 'Describe one or many contexts'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "get-users" -d 'Display users defined in the kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "rename-context" -d 'Rename a context from the kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set" -d 'Set an individual value in a kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set-cluster" -d 'Set a cluster entry in kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set-context" -d 'Set a context entry in kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "set-credentials" -d 'Set a user entry in kubeconfig'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "unset" -d 'Unset an individual value in a kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "use-context" -d 'Set the current-context in a kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "view" -d 'Display merged kubeconfig settings or a specified kubeconfig file'
complete -c k -n "__fish_k_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand cordon" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand cordon" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand cordon" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand cordon" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand cordon" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand cordon" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -l raw -d 'Raw URI to POST to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "clusterrole" -d 'Create a cluster role'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "clusterrolebinding" -d 'Create a cluster role binding for a particular cluster role'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "configmap" -d 'Create a config map from a local file, directory or literal value'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "cm" -d 'Create a config map from a local file, directory or literal value'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "cronjob" -d 'Create a cron job with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "cj" -d 'Create a cron job with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "deployment" -d 'Create a deployment with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "deploy" -d 'Create a deployment with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "job" -d 'Create a job with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "namespace" -d 'Create a namespace with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "ns" -d 'Create a namespace with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "poddisruptionbudget" -d 'Create a pod disruption budget with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "pdb" -d 'Create a pod disruption budget with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "priorityclass" -d 'Create a priority class with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "pc" -d 'Create a priority class with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "quota" -d 'Create a quota with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "resourcequota" -d 'Create a quota with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "role" -d 'Create a role with single rule'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "rolebinding" -d 'Create a role binding for a particular role or cluster role'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "secret" -d 'Create a secret using a specified subcommand'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "service" -d 'Create a service using a specified subcommand'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "svc" -d 'Create a service using a specified subcommand'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "serviceaccount" -d 'Create a service account with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "sa" -d 'Create a service account with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "token" -d 'Request a service account token'
complete -c k -n "__fish_k_using_subcommand create; and not __fish_seen_subcommand_from clusterrole clusterrolebinding configmap cm cronjob cj deployment deploy job namespace ns poddisruptionbudget pdb priorityclass pc quota resourcequota role rolebinding secret service svc serviceaccount sa token help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l verb -d 'Verb that applies to the resources contained in the rule' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l resource -d 'Resource that the rule applies to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l resource-name -d 'Resource in the white list that the rule applies to, repeat this flag for multiple items' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l aggregation-rule -d 'An aggregation label selector for combining ClusterRoles' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l non-resource-url -d 'A partial url that user should have access to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrole" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l group -d 'Groups to bind to the role. The flag can be repeated to add multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l serviceaccount -d 'Service accounts to bind to the role, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l user -d 'Usernames to bind to the role. The flag can be repeated to add multiple users' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l clusterrole -d 'ClusterRole this ClusterRoleBinding should reference' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from clusterrolebinding" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l from-env-file -d 'Specify the path to a file to read lines of key=val pairs' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l from-file -d 'Key file can be specified using its file path, in which case file basename will be used as key, or optionally with a key and file path' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l from-literal -d 'Specify a key and literal value to insert (i.e. mykey=somevalue)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l append-hash -d 'Append a hash of the configmap to its name' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from configmap" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l from-env-file -d 'Specify the path to a file to read lines of key=val pairs' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l from-file -d 'Key file can be specified using its file path, in which case file basename will be used as key, or optionally with a key and file path' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l from-literal -d 'Specify a key and literal value to insert (i.e. mykey=somevalue)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l append-hash -d 'Append a hash of the configmap to its name' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cm" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l image -d 'Image name to run' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l restart -d 'job\'s restart policy. supported values: OnFailure, Never' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l schedule -d 'A schedule in the Cron format the job should be run with' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cronjob" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l image -d 'Image name to run' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l restart -d 'job\'s restart policy. supported values: OnFailure, Never' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l schedule -d 'A schedule in the Cron format the job should be run with' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from cj" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l image -d 'Image names to run. A deployment can have multiple images set for multi-container pod' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l port -d 'The containerPort that this deployment exposes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -s r -l replicas -d 'Number of replicas to create. Default is 1' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deployment" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l image -d 'Image names to run. A deployment can have multiple images set for multi-container pod' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l port -d 'The containerPort that this deployment exposes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -s r -l replicas -d 'Number of replicas to create. Default is 1' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from deploy" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l from -d 'The name of the resource to create a Job from (only cronjob is supported)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l image -d 'Image name to run' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from job" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from namespace" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from ns" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l max-unavailable -d 'The maximum number or percentage of unavailable pods this budget requires' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l min-available -d 'The minimum number or percentage of available pods this budget requires' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l selector -d 'A label selector to use for this budget. Only equality-based selector requirements are supported' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from poddisruptionbudget" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l max-unavailable -d 'The maximum number or percentage of unavailable pods this budget requires' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l min-available -d 'The minimum number or percentage of available pods this budget requires' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l selector -d 'A label selector to use for this budget. Only equality-based selector requirements are supported' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pdb" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l description -d 'description is an arbitrary string that usually provides guidelines on when this priority class should be used' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l global-default -d 'global-default specifies whether this PriorityClass should be considered as the default priority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l preemption-policy -d 'preemption-policy is the policy for preempting pods with lower priority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l value -d 'the value of this priority class' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from priorityclass" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l description -d 'description is an arbitrary string that usually provides guidelines on when this priority class should be used' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l global-default -d 'global-default specifies whether this PriorityClass should be considered as the default priority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l preemption-policy -d 'preemption-policy is the policy for preempting pods with lower priority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l value -d 'the value of this priority class' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from pc" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l hard -d 'A comma-delimited set of resource=quantity pairs that define a hard limit' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l scopes -d 'A comma-delimited set of quota scopes that must all match each object tracked by the quota' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from quota" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l hard -d 'A comma-delimited set of resource=quantity pairs that define a hard limit' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l scopes -d 'A comma-delimited set of quota scopes that must all match each object tracked by the quota' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from resourcequota" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l verb -d 'Verb that applies to the resources contained in the rule' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l resource -d 'Resource that the rule applies to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l resource-name -d 'Resource in the white list that the rule applies to, repeat this flag for multiple items' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from role" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l group -d 'Groups to bind to the role. The flag can be repeated to add multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l serviceaccount -d 'Service accounts to bind to the role, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l user -d 'Usernames to bind to the role. The flag can be repeated to add multiple users' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l clusterrole -d 'ClusterRole this RoleBinding should reference' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l role -d 'Role this RoleBinding should reference' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from rolebinding" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "docker-registry" -d 'Create a secret for use with a Docker registry'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "generic" -d 'Create a secret from a local file, directory, or literal value'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "tls" -d 'Create a TLS secret'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from secret" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "clusterip" -d 'Create a ClusterIP service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "externalname" -d 'Create an ExternalName service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "loadbalancer" -d 'Create a LoadBalancer service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "nodeport" -d 'Create a NodePort service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from service" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "clusterip" -d 'Create a ClusterIP service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "externalname" -d 'Create an ExternalName service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "loadbalancer" -d 'Create a LoadBalancer service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "nodeport" -d 'Create a NodePort service'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from svc" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from serviceaccount" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from sa" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l audience -d 'Audience of the requested token. If unset, defaults to requesting a token for use with the Kubernetes API server. May be repeated to request a token valid for multiple audiences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l bound-object-kind -d 'Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l bound-object-name -d 'Name of an object to bind the token to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l bound-object-uid -d 'UID of an object to bind the token to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l duration -d 'Requested lifetime of the issued token. If not set or if set to 0, the lifetime will be determined by the server automatically' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from token" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "clusterrole" -d 'Create a cluster role'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "clusterrolebinding" -d 'Create a cluster role binding for a particular cluster role'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "configmap" -d 'Create a config map from a local file, directory or literal value'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "cronjob" -d 'Create a cron job with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "deployment" -d 'Create a deployment with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "job" -d 'Create a job with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "namespace" -d 'Create a namespace with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "poddisruptionbudget" -d 'Create a pod disruption budget with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "priorityclass" -d 'Create a priority class with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "quota" -d 'Create a quota with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "role" -d 'Create a role with single rule'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "rolebinding" -d 'Create a role binding for a particular role or cluster role'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "secret" -d 'Create a secret using a specified subcommand'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "service" -d 'Create a service using a specified subcommand'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "serviceaccount" -d 'Create a service account with the specified name'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "token" -d 'Request a service account token'
complete -c k -n "__fish_k_using_subcommand create; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand delete" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand delete" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand delete" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand delete" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand delete" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand delete" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand delete" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand delete" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand delete" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand delete" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand delete" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand delete" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand delete" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand delete" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand delete" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand delete" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand delete" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand delete" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand delete" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand delete" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand delete" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand delete" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand delete" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand delete" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand delete" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand delete" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand delete" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand delete" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand delete" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand delete" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand delete" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand delete" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand delete" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand delete" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand delete" -l all -d 'Delete all resources, in the namespace of the specified resource types' -r
complete -c k -n "__fish_k_using_subcommand delete" -s A -l all-namespaces -d 'If present, list the requested object(s) across all namespaces' -r
complete -c k -n "__fish_k_using_subcommand delete" -l cascade -d 'Must be "background", "orphan", or "foreground"' -r
complete -c k -n "__fish_k_using_subcommand delete" -l field-selector -d 'Selector (field query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand delete" -l force -d 'If true, immediately remove resources from API and bypass graceful deletion' -r
complete -c k -n "__fish_k_using_subcommand delete" -l grace-period -d 'Period of time in seconds given to the resource to terminate gracefully' -r
complete -c k -n "__fish_k_using_subcommand delete" -l ignore-not-found -d 'Treat "resource not found" as a successful delete' -r
complete -c k -n "__fish_k_using_subcommand delete" -s i -l interactive -d 'If true, delete resource only when user confirms' -r
complete -c k -n "__fish_k_using_subcommand delete" -l now -d 'If true, resources are signaled for immediate shutdown (same as --grace-period=1)' -r
complete -c k -n "__fish_k_using_subcommand delete" -s o -l output -d 'Output mode. Use "-o name" for shorter output (resource/name)' -r
complete -c k -n "__fish_k_using_subcommand delete" -l raw -d 'Raw URI to DELETE to the server' -r
complete -c k -n "__fish_k_using_subcommand delete" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand delete" -l timeout -d 'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object' -r
complete -c k -n "__fish_k_using_subcommand delete" -l wait -d 'If true, wait for resources to be gone before returning' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand delete" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand describe" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand describe" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand describe" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand describe" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand describe" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand describe" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand describe" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand describe" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand describe" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand describe" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand describe" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand describe" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand describe" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand describe" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand describe" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand describe" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand describe" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand describe" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand describe" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand describe" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand describe" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand describe" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand describe" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand describe" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand describe" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand describe" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand describe" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand describe" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand describe" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand describe" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand describe" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand describe" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand describe" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand describe" -s A -l all-namespaces -d 'If present, list the requested object(s) across all namespaces' -r
complete -c k -n "__fish_k_using_subcommand describe" -l chunk-size -d 'Return large lists in chunks rather than all at once. Pass 0 to disable' -r
complete -c k -n "__fish_k_using_subcommand describe" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand describe" -l show-events -d 'If true, display events related to the described object. Defaults to true for a single object, false for multiple objects and prefix matching' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand describe" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand drain" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand drain" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand drain" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand drain" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand drain" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand drain" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand drain" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand drain" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand drain" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand drain" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand drain" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand drain" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand drain" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand drain" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand drain" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand drain" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand drain" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand drain" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand drain" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand drain" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand drain" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand drain" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand drain" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand drain" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand drain" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand drain" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand drain" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand drain" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand drain" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand drain" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand drain" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand drain" -l chunk-size -d 'Return large lists in chunks rather than all at once. Pass 0 to disable' -r
complete -c k -n "__fish_k_using_subcommand drain" -l delete-emptydir-data -d 'Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained)' -r
complete -c k -n "__fish_k_using_subcommand drain" -l disable-eviction -d 'Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution' -r
complete -c k -n "__fish_k_using_subcommand drain" -l force -d 'Continue even if there are pods that do not declare a controller' -r
complete -c k -n "__fish_k_using_subcommand drain" -l grace-period -d 'Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used' -r
complete -c k -n "__fish_k_using_subcommand drain" -l ignore-daemonsets -d 'Ignore DaemonSet-managed pods' -r
complete -c k -n "__fish_k_using_subcommand drain" -l pod-selector -d 'Label selector to filter pods on the node' -r
complete -c k -n "__fish_k_using_subcommand drain" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand drain" -l skip-wait-for-delete-timeout -d 'If pod DeletionTimestamp older than N seconds, skip waiting for the pod. Seconds must be greater than 0 to skip' -r
complete -c k -n "__fish_k_using_subcommand drain" -l timeout -d 'The length of time to wait before giving up, zero means infinite' -r
complete -c k -n "__fish_k_using_subcommand drain" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand edit" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand edit" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand edit" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand edit" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand edit" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand edit" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand edit" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand edit" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand edit" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand edit" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand edit" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand edit" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand edit" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand edit" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand edit" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand edit" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand edit" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand edit" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand edit" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand edit" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand edit" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand edit" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand edit" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand edit" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand edit" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand edit" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand edit" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand edit" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand edit" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand edit" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand edit" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand edit" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand edit" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand edit" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand edit" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand edit" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand edit" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand edit" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand edit" -l output-patch -d 'Output the patch if the resource is edited' -r
complete -c k -n "__fish_k_using_subcommand edit" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand edit" -l subresource -d 'If specified, edit will operate on the subresource of the requested object' -r
complete -c k -n "__fish_k_using_subcommand edit" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand edit" -l windows-line-endings -d 'Defaults to the line ending native to your platform' -r
complete -c k -n "__fish_k_using_subcommand edit" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand exec" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand exec" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand exec" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand exec" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand exec" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand exec" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand exec" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand exec" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand exec" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand exec" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand exec" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand exec" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand exec" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand exec" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand exec" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand exec" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand exec" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand exec" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand exec" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand exec" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand exec" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand exec" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand exec" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand exec" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand exec" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand exec" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand exec" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand exec" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand exec" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand exec" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand exec" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand exec" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand exec" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand exec" -s c -l container -d 'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation or the first container in the pod' -r
complete -c k -n "__fish_k_using_subcommand exec" -l pod-running-timeout -d 'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running' -r
complete -c k -n "__fish_k_using_subcommand exec" -s q -l quiet -d 'Only print output from the remote session' -r
complete -c k -n "__fish_k_using_subcommand exec" -s i -l stdin -d 'Pass stdin to the container' -r
complete -c k -n "__fish_k_using_subcommand exec" -s t -l tty -d 'Stdin is a TTY' -r
complete -c k -n "__fish_k_using_subcommand exec" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand expose" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand expose" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand expose" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand expose" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand expose" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand expose" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand expose" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand expose" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand expose" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand expose" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand expose" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand expose" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand expose" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand expose" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand expose" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand expose" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand expose" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand expose" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand expose" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand expose" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand expose" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand expose" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand expose" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand expose" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand expose" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand expose" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand expose" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand expose" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand expose" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand expose" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand expose" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand expose" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand expose" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand expose" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand expose" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand expose" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand expose" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand expose" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand expose" -l overrides -d 'An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field' -r
complete -c k -n "__fish_k_using_subcommand expose" -l override-type -d 'The method used to override the generated object: json, merge, or strategic' -r
complete -c k -n "__fish_k_using_subcommand expose" -l cluster-ip -d 'ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to \'None\' to create a headless service' -r
complete -c k -n "__fish_k_using_subcommand expose" -l external-ip -d 'Additional external IP address (not managed by Kubernetes) to accept for the service. If this IP is routed to a node, the service can be accessed by this IP in addition to its generated service IP' -r
complete -c k -n "__fish_k_using_subcommand expose" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand expose" -s l -l labels -d 'Labels to apply to the service created by this call' -r
complete -c k -n "__fish_k_using_subcommand expose" -l load-balancer-ip -d 'IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific)' -r
complete -c k -n "__fish_k_using_subcommand expose" -l name -d 'The name for the newly created object' -r
complete -c k -n "__fish_k_using_subcommand expose" -l port -d 'The port that the service should serve on. Copied from the resource being exposed, if unspecified' -r
complete -c k -n "__fish_k_using_subcommand expose" -l protocol -d 'The network protocol for the service to be created. Default is \'TCP\'' -r
complete -c k -n "__fish_k_using_subcommand expose" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand expose" -l selector -d 'A label selector to use for this service. Only equality-based selector requirements are supported. If empty (the default) infer the selector from the resource being exposed' -r
complete -c k -n "__fish_k_using_subcommand expose" -l session-affinity -d 'If non-empty, set the session affinity for the service to this; legal values: \'None\', \'ClientIP\'' -r
complete -c k -n "__fish_k_using_subcommand expose" -l target-port -d 'Name or number for the port on the container that the service should direct traffic to. Optional' -r
complete -c k -n "__fish_k_using_subcommand expose" -l type -d 'Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is \'ClusterIP\'' -r
complete -c k -n "__fish_k_using_subcommand expose" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand get" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand get" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand get" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand get" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand get" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand get" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand get" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand get" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand get" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand get" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand get" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand get" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand get" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand get" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand get" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand get" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand get" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand get" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand get" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand get" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand get" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand get" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand get" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand get" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand get" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand get" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand get" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand get" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand get" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand get" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand get" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand get" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand get" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand get" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand get" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand get" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand get" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand get" -s A -l all-namespaces -d 'If present, list the requested object(s) across all namespaces' -r
complete -c k -n "__fish_k_using_subcommand get" -l chunk-size -d 'Return large lists in chunks rather than all at once. Pass 0 to disable' -r
complete -c k -n "__fish_k_using_subcommand get" -l field-selector -d 'Selector (field query) to filter on, supports \'=\', \'==\', and \'!=\'' -r
complete -c k -n "__fish_k_using_subcommand get" -l ignore-not-found -d 'If set to true, suppresses NotFound error for specific objects that do not exist' -r
complete -c k -n "__fish_k_using_subcommand get" -s L -l label-columns -d 'Accepts a comma separated list of labels that are going to be presented as columns' -r
complete -c k -n "__fish_k_using_subcommand get" -l no-headers -d 'When using the default or custom-column output format, don\'t print headers (default print headers)' -r
complete -c k -n "__fish_k_using_subcommand get" -l output-watch-events -d 'Output watch event objects when --watch or --watch-only is used' -r
complete -c k -n "__fish_k_using_subcommand get" -l raw -d 'Raw URI to request from the server' -r
complete -c k -n "__fish_k_using_subcommand get" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand get" -l server-print -d 'If true, have the server return the appropriate table output' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand get" -l show-kind -d 'If present, list the resource type for the requested object(s)' -r
complete -c k -n "__fish_k_using_subcommand get" -l show-labels -d 'When printing, show all labels as the last column (default hide labels column)' -r
complete -c k -n "__fish_k_using_subcommand get" -l sort-by -d 'If non-empty, sort list types using this field specification, a JSONPath expression' -r
complete -c k -n "__fish_k_using_subcommand get" -l subresource -d 'If specified, gets the subresource of the requested object' -r
complete -c k -n "__fish_k_using_subcommand get" -s w -l watch -d 'After listing/getting the requested object, watch for changes' -r
complete -c k -n "__fish_k_using_subcommand get" -l watch-only -d 'Watch for changes to the requested object(s), without listing/getting first' -r
complete -c k -n "__fish_k_using_subcommand get" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -f -a "build" -d 'Build an image from a Dockerfile (FROM, COPY, ENV, WORKDIR, USER, EXPOSE, LABEL, ENTRYPOINT, CMD)'
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -f -a "import" -d 'Import images from archives (docker save, skopeo, OCI layouts)'
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -f -a "ls" -d 'List images'
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -f -a "list" -d 'List images'
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -f -a "rm" -d 'Remove images'
complete -c k -n "__fish_k_using_subcommand image; and not __fish_seen_subcommand_from build import ls list rm help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -s t -l tag -d 'Name of the image; may be repeated' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -s f -l file -d 'The Dockerfile [default: DIR/Dockerfile]' -r -F
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from build" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -s t -l tag -d 'Name for the image in place of those in the archive' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print names alone' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print names alone' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from help" -f -a "build" -d 'Build an image from a Dockerfile (FROM, COPY, ENV, WORKDIR, USER, EXPOSE, LABEL, ENTRYPOINT, CMD)'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from help" -f -a "import" -d 'Import images from archives (docker save, skopeo, OCI layouts)'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List images'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from help" -f -a "rm" -d 'Remove images'
complete -c k -n "__fish_k_using_subcommand image; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand label" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand label" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand label" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand label" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand label" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand label" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand label" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand label" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand label" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand label" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand label" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand label" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand label" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand label" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand label" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand label" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand label" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand label" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand label" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand label" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand label" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand label" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand label" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand label" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand label" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand label" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand label" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand label" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand label" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand label" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand label" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand label" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand label" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand label" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand label" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand label" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand label" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand label" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand label" -l all -d 'Select all resources, in the namespace of the specified resource types' -r
complete -c k -n "__fish_k_using_subcommand label" -s A -l all-namespaces -d 'If true, check the specified action in all namespaces' -r
complete -c k -n "__fish_k_using_subcommand label" -l field-selector -d 'Selector (field query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand label" -l list -d 'If true, only display what a given resource has' -r
complete -c k -n "__fish_k_using_subcommand label" -l local -d 'If true, do not contact the server but run locally' -r
complete -c k -n "__fish_k_using_subcommand label" -l overwrite -d 'If true, allow existing values to be overwritten, otherwise reject updates that overwrite them' -r
complete -c k -n "__fish_k_using_subcommand label" -l resource-version -d 'If non-empty, the update will only succeed if this is the current resource-version for the object' -r
complete -c k -n "__fish_k_using_subcommand label" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand label" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand label" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand logs" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand logs" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand logs" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand logs" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand logs" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand logs" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand logs" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand logs" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand logs" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand logs" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand logs" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand logs" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand logs" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand logs" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand logs" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand logs" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand logs" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand logs" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand logs" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand logs" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand logs" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand logs" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand logs" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand logs" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand logs" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand logs" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand logs" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand logs" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand logs" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand logs" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand logs" -l all-containers -d 'Get all containers\' logs in the pod(s)' -r
complete -c k -n "__fish_k_using_subcommand logs" -l all-pods -d 'Get logs from all pod(s). Sets prefix to true' -r
complete -c k -n "__fish_k_using_subcommand logs" -s c -l container -d 'Print the logs of this container' -r
complete -c k -n "__fish_k_using_subcommand logs" -s f -l follow -d 'Specify if the logs should be streamed' -r
complete -c k -n "__fish_k_using_subcommand logs" -l ignore-errors -d 'If watching / following pod logs, allow for any errors that occur to be non-fatal' -r
complete -c k -n "__fish_k_using_subcommand logs" -l insecure-skip-tls-verify-backend -d 'Skip verifying the identity of the kubelet that logs are requested from' -r
complete -c k -n "__fish_k_using_subcommand logs" -l limit-bytes -d 'Maximum bytes of logs to return. Defaults to no limit' -r
complete -c k -n "__fish_k_using_subcommand logs" -l max-log-requests -d 'Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5' -r
complete -c k -n "__fish_k_using_subcommand logs" -l pod-running-timeout -d 'The length of time to wait until at least one pod is running' -r
complete -c k -n "__fish_k_using_subcommand logs" -l prefix -d 'Prefix each log line with the log source (pod name and container name)' -r
complete -c k -n "__fish_k_using_subcommand logs" -s p -l previous -d 'If true, print the logs for the previous instance of the container in a pod if it exists' -r
complete -c k -n "__fish_k_using_subcommand logs" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand logs" -l since -d 'Only return logs newer than a relative duration like 5s, 2m, or 3h' -r
complete -c k -n "__fish_k_using_subcommand logs" -l since-time -d 'Only return logs after a specific date (RFC3339)' -r
complete -c k -n "__fish_k_using_subcommand logs" -l tail -d 'Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided' -r
complete -c k -n "__fish_k_using_subcommand logs" -l timestamps -d 'Include timestamps on each line in the log output' -r
complete -c k -n "__fish_k_using_subcommand logs" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand patch" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand patch" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand patch" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand patch" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand patch" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand patch" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand patch" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand patch" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand patch" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand patch" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand patch" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand patch" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand patch" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand patch" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand patch" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand patch" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand patch" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand patch" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand patch" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand patch" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand patch" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand patch" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand patch" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand patch" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand patch" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand patch" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand patch" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand patch" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand patch" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand patch" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand patch" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand patch" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand patch" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand patch" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand patch" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand patch" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand patch" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand patch" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand patch" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand patch" -l local -d 'If true, patch will operate on the content of the file, not the server-side resource' -r
complete -c k -n "__fish_k_using_subcommand patch" -s p -l patch -d 'The patch to be applied to the resource JSON file' -r
complete -c k -n "__fish_k_using_subcommand patch" -l patch-file -d 'A file containing a patch to be applied to the resource' -r
complete -c k -n "__fish_k_using_subcommand patch" -l subresource -d 'If specified, patch will operate on the subresource of the requested object' -r
complete -c k -n "__fish_k_using_subcommand patch" -l type -d 'The type of patch being provided; one of [json merge strategic]' -r
complete -c k -n "__fish_k_using_subcommand patch" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand port-forward" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l address -d 'Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -l pod-running-timeout -d 'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running' -r
complete -c k -n "__fish_k_using_subcommand port-forward" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand replace" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand replace" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand replace" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand replace" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand replace" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand replace" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand replace" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand replace" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand replace" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand replace" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand replace" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand replace" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand replace" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand replace" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand replace" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand replace" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand replace" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand replace" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand replace" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand replace" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand replace" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand replace" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand replace" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand replace" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand replace" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand replace" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand replace" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand replace" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand replace" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand replace" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand replace" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand replace" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand replace" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand replace" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand replace" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand replace" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand replace" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand replace" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand replace" -l cascade -d 'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents' -r
complete -c k -n "__fish_k_using_subcommand replace" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand replace" -l force -d 'If true, immediately remove resources from API and bypass graceful deletion' -r
complete -c k -n "__fish_k_using_subcommand replace" -l grace-period -d 'Period of time in seconds given to the resource to terminate gracefully' -r
complete -c k -n "__fish_k_using_subcommand replace" -l raw -d 'Raw URI to PUT to the server. Uses the transport specified by the kubeconfig file' -r
complete -c k -n "__fish_k_using_subcommand replace" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand replace" -l subresource -d 'If specified, replace will operate on the subresource of the requested object' -r
complete -c k -n "__fish_k_using_subcommand replace" -l timeout -d 'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object' -r
complete -c k -n "__fish_k_using_subcommand replace" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand replace" -l wait -d 'If true, wait for resources to be gone before returning. This waits for finalizers' -r
complete -c k -n "__fish_k_using_subcommand replace" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -f -a "history" -d 'View rollout history'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -f -a "pause" -d 'Mark the provided resource as paused'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -f -a "restart" -d 'Restart a resource'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -f -a "resume" -d 'Resume a paused resource'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -f -a "status" -d 'Show the status of the rollout'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -f -a "undo" -d 'Undo a previous rollout'
complete -c k -n "__fish_k_using_subcommand rollout; and not __fish_seen_subcommand_from history pause restart resume status undo help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l revision -d 'See the details, including podTemplate of the revision specified' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from restart" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l revision -d 'Pin to a specific revision for showing its status. Defaults to 0 (last revision)' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l timeout -d 'The length of time to wait before ending watch, zero means never' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s w -l watch -d 'Watch the status of the rollout until it\'s done' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l to-revision -d 'The revision to rollback to. Default to 0 (last revision)' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "history" -d 'View rollout history'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "pause" -d 'Mark the provided resource as paused'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "restart" -d 'Restart a resource'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Resume a paused resource'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show the status of the rollout'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "undo" -d 'Undo a previous rollout'
complete -c k -n "__fish_k_using_subcommand rollout; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand run" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand run" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand run" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand run" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand run" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand run" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand run" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand run" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand run" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand run" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand run" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand run" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand run" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand run" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand run" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand run" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand run" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand run" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand run" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand run" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand run" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand run" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand run" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand run" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand run" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand run" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand run" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand run" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand run" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand run" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand run" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand run" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand run" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand run" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand run" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand run" -l overrides -d 'An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field' -r
complete -c k -n "__fish_k_using_subcommand run" -l override-type -d 'The method used to override the generated object: json, merge, or strategic' -r
complete -c k -n "__fish_k_using_subcommand run" -l annotations -d 'Annotations to apply to the pod' -r
complete -c k -n "__fish_k_using_subcommand run" -l attach -d 'If true, wait for the Pod to start running, and then attach to the Pod as if \'kubectl attach ...\' were called. Default false, unless \'-i/--stdin\' is set, in which case the default is true. With \'--restart=Never\' the exit code of the container process is returned' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand run" -l cascade -d 'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController)' -r
complete -c k -n "__fish_k_using_subcommand run" -l command -d 'If true and extra arguments are present, use them as the \'command\' field in the container, rather than the \'args\' field which is the default' -r
complete -c k -n "__fish_k_using_subcommand run" -l detach-keys -d 'Override the key sequence for detaching a container' -r
complete -c k -n "__fish_k_using_subcommand run" -l env -d 'Environment variables to set in the container' -r
complete -c k -n "__fish_k_using_subcommand run" -l expose -d 'If true, create a ClusterIP service associated with the pod. Requires `--port`' -r
complete -c k -n "__fish_k_using_subcommand run" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand run" -s f -l filename -d 'Ignored' -r
complete -c k -n "__fish_k_using_subcommand run" -l force -d 'If true, immediately remove resources from API and bypass graceful deletion' -r
complete -c k -n "__fish_k_using_subcommand run" -l generator -d 'run/v1 makes a replication controller, run-pod/v1 a pod' -r
complete -c k -n "__fish_k_using_subcommand run" -l grace-period -d 'Period of time in seconds given to the resource to terminate gracefully' -r
complete -c k -n "__fish_k_using_subcommand run" -l image -d 'The image for the container to run' -r
complete -c k -n "__fish_k_using_subcommand run" -l image-pull-policy -d 'The image pull policy for the container. If left empty, this value will not be specified by the client and defaulted by the server' -r
complete -c k -n "__fish_k_using_subcommand run" -s k -l kustomize -d 'Process a kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand run" -s l -l labels -d 'Comma separated labels to apply to the pod. Will override previous values' -r
complete -c k -n "__fish_k_using_subcommand run" -l leave-stdin-open -d 'If the pod is started in interactive mode or with stdin, leave stdin open after the first attach completes. By default, stdin will be closed after the first attach completes' -r
complete -c k -n "__fish_k_using_subcommand run" -l pod-running-timeout -d 'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running' -r
complete -c k -n "__fish_k_using_subcommand run" -l port -d 'The port that this container exposes' -r
complete -c k -n "__fish_k_using_subcommand run" -l privileged -d 'If true, run the container in privileged mode' -r
complete -c k -n "__fish_k_using_subcommand run" -s q -l quiet -d 'If true, suppress prompt messages' -r
complete -c k -n "__fish_k_using_subcommand run" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand run" -s r -l replicas -d 'Number of replicas of a replication controller' -r
complete -c k -n "__fish_k_using_subcommand run" -l restart -d 'The restart policy for this Pod. Legal values [Always, OnFailure, Never]' -r
complete -c k -n "__fish_k_using_subcommand run" -l rm -d 'If true, delete the pod after it exits. Only valid when attaching to the container, e.g. with \'--attach\' or with \'-i/--stdin\'' -r
complete -c k -n "__fish_k_using_subcommand run" -l save-config -d 'If true, the configuration of current object will be saved in its annotation' -r
complete -c k -n "__fish_k_using_subcommand run" -s i -l stdin -d 'Keep stdin open on the container in the pod, even if nothing is attached' -r
complete -c k -n "__fish_k_using_subcommand run" -l timeout -d 'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object' -r
complete -c k -n "__fish_k_using_subcommand run" -s t -l tty -d 'Allocate a TTY for the container in the pod' -r
complete -c k -n "__fish_k_using_subcommand run" -l wait -d 'If true, wait for resources to be gone before returning. This waits for finalizers' -r
complete -c k -n "__fish_k_using_subcommand run" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand scale" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand scale" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand scale" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand scale" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand scale" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand scale" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand scale" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand scale" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand scale" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand scale" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand scale" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand scale" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand scale" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand scale" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand scale" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand scale" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand scale" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand scale" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand scale" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand scale" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand scale" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand scale" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand scale" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand scale" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand scale" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand scale" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand scale" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand scale" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand scale" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand scale" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand scale" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand scale" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand scale" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand scale" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand scale" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand scale" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand scale" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand scale" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand scale" -l all -d 'Select all resources in the namespace of the specified resource types' -r
complete -c k -n "__fish_k_using_subcommand scale" -l current-replicas -d 'Precondition for current size. Requires that the current size of the resource match this value in order to scale' -r
complete -c k -n "__fish_k_using_subcommand scale" -l replicas -d 'The new desired number of replicas. Required' -r
complete -c k -n "__fish_k_using_subcommand scale" -l resource-version -d 'Precondition for resource version' -r
complete -c k -n "__fish_k_using_subcommand scale" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand scale" -l timeout -d 'The length of time to wait before giving up on a scale operation, zero means don\'t wait' -r
complete -c k -n "__fish_k_using_subcommand scale" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand server" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand server" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand server" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand server" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand server" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand server" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand server" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand server" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand server" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand server" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand server" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand server" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand server" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand server" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand server" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand server" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand server" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand server" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand server" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand server" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand server" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand server" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand server" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand server" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand server" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand server" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand server" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand server" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand server" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand server" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand server" -l name -d 'Name of the cluster; its context in the kubeconfig is k-NAME' -r
complete -c k -n "__fish_k_using_subcommand server" -l data-dir -d 'Folder of the cluster\'s data [default: /var/lib/k/NAME]' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l api-port -d 'Port of the API server [default: the first from 6443 that no other cluster here has]' -r
complete -c k -n "__fish_k_using_subcommand server" -l pod-cidr -d 'Network of the pods [default: 10.244.0.0/16, or the next that is free]' -r
complete -c k -n "__fish_k_using_subcommand server" -l service-cidr -d 'Network of the services [default: 10.96.0.0/16, or the next that is free]' -r
complete -c k -n "__fish_k_using_subcommand server" -l node-name -d 'Name of this machine\'s node [default: the machine\'s name]' -r
complete -c k -n "__fish_k_using_subcommand server" -l node-ip -d 'Address of this machine\'s node [default: the one of the default route]' -r
complete -c k -n "__fish_k_using_subcommand server" -l container-runtime-endpoint -d 'Socket of a container runtime to use instead of a private containerd' -r
complete -c k -n "__fish_k_using_subcommand server" -l datastore-endpoints -d 'Addresses of an etcd to keep the cluster\'s state in, instead of a file here: https://10.0.0.1:2379,https://10.0.0.2:2379' -r
complete -c k -n "__fish_k_using_subcommand server" -l datastore-cafile -d 'Certificate authority of that etcd' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l datastore-certfile -d 'Certificate to show to that etcd' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l datastore-keyfile -d 'Key of the certificate' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l older-versions -d 'Accept manifests of API versions that Kubernetes has removed, such as extensions/v1beta1 [default: true]' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand server" -l enable-admission-plugins -d 'Admission plugins to run in addition to the default ones' -r
complete -c k -n "__fish_k_using_subcommand server" -l disable-admission-plugins -d 'Default admission plugins not to run' -r
complete -c k -n "__fish_k_using_subcommand server" -l audit-policy-file -d 'File with the audit policy, of audit.k8s.io/v1' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l audit-log-path -d 'File that the audit log is written to' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l audit-log-maxsize -d 'Megabytes at which the audit log is put aside [default: 100]' -r
complete -c k -n "__fish_k_using_subcommand server" -l audit-log-maxbackup -d 'Audit logs put aside that are kept; 0 keeps all [default: 10]' -r
complete -c k -n "__fish_k_using_subcommand server" -l encryption-key-file -d 'File with the keys that seal secrets in the store, one a line, base64 of 32 bytes; the first seals, all of them open [default: a key of the cluster\'s own]' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l oidc-issuer-url -d 'URL of an OpenID Connect issuer whose tokens are taken' -r
complete -c k -n "__fish_k_using_subcommand server" -l oidc-client-id -d 'Client that the issuer\'s tokens must be for' -r
complete -c k -n "__fish_k_using_subcommand server" -l oidc-ca-file -d 'File with the authority of the issuer\'s certificate [default: those of this machine]' -r -F
complete -c k -n "__fish_k_using_subcommand server" -l oidc-username-claim -d 'Claim that is the user\'s name [default: sub]' -r
complete -c k -n "__fish_k_using_subcommand server" -l oidc-username-prefix -d 'What is put before users\' names; - for nothing [default: the issuer and #, but for the claim email]' -r
complete -c k -n "__fish_k_using_subcommand server" -l oidc-groups-claim -d 'Claim that is the user\'s groups' -r
complete -c k -n "__fish_k_using_subcommand server" -l oidc-groups-prefix -d 'What is put before groups\' names' -r
complete -c k -n "__fish_k_using_subcommand server" -l oidc-required-claim -d 'A claim that tokens must have, with its value; can be given several times' -r
complete -c k -n "__fish_k_using_subcommand server" -l oidc-signing-algs -d 'Algorithms that tokens may be signed with [default: RS256]' -r
complete -c k -n "__fish_k_using_subcommand server" -l progress -d 'Tell each step of the start on standard output, for the program that started this one' -r
complete -c k -n "__fish_k_using_subcommand server" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -f -a "image" -d 'Update the image of a pod template'
complete -c k -n "__fish_k_using_subcommand set; and not __fish_seen_subcommand_from image help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l all -d 'Select all resources, in the namespace of the specified resource types' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l local -d 'If true, set image will NOT contact api-server but run locally' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from image" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from help" -f -a "image" -d 'Update the image of a pod template'
complete -c k -n "__fish_k_using_subcommand set; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c k -n "__fish_k_using_subcommand taint" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand taint" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand taint" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand taint" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand taint" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand taint" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand taint" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand taint" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand taint" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand taint" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand taint" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand taint" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand taint" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand taint" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand taint" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand taint" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand taint" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand taint" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand taint" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand taint" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand taint" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand taint" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand taint" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand taint" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand taint" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand taint" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand taint" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand taint" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand taint" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand taint" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand taint" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand taint" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand taint" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand taint" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand taint" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand taint" -l all -d 'Select all nodes in the cluster' -r
complete -c k -n "__fish_k_using_subcommand taint" -l field-manager -d 'Name of the manager used to track field ownership' -r
complete -c k -n "__fish_k_using_subcommand taint" -l overwrite -d 'If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints' -r
complete -c k -n "__fish_k_using_subcommand taint" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand taint" -l validate -d 'Must be one of: strict (or true), warn, ignore (or false)' -r
complete -c k -n "__fish_k_using_subcommand taint" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand uncordon" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -l dry-run -d 'Must be "none", "server", or "client"' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand uncordon" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand version" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand version" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand version" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand version" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand version" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand version" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand version" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand version" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand version" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand version" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand version" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand version" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand version" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand version" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand version" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand version" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand version" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand version" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand version" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand version" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand version" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand version" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand version" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand version" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand version" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand version" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand version" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand version" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand version" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand version" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand version" -l client -d 'If true, shows client version only (no server required)' -r
complete -c k -n "__fish_k_using_subcommand version" -s o -l output -d 'One of \'yaml\' or \'json\'' -r
complete -c k -n "__fish_k_using_subcommand version" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand wait" -s n -l namespace -d 'If present, the namespace scope for this CLI request' -r
complete -c k -n "__fish_k_using_subcommand wait" -l kubeconfig -d 'Path to the kubeconfig file to use for CLI requests' -r
complete -c k -n "__fish_k_using_subcommand wait" -l context -d 'The name of the kubeconfig context to use' -r
complete -c k -n "__fish_k_using_subcommand wait" -l cluster -d 'The name of the kubeconfig cluster to use' -r
complete -c k -n "__fish_k_using_subcommand wait" -l user -d 'The name of the kubeconfig user to use' -r
complete -c k -n "__fish_k_using_subcommand wait" -s s -l server -d 'The address and port of the Kubernetes API server' -r
complete -c k -n "__fish_k_using_subcommand wait" -l token -d 'Bearer token for authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand wait" -l username -d 'Username for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand wait" -l password -d 'Password for basic authentication to the API server' -r
complete -c k -n "__fish_k_using_subcommand wait" -l certificate-authority -d 'Path to a cert file for the certificate authority' -r
complete -c k -n "__fish_k_using_subcommand wait" -l client-certificate -d 'Path to a client certificate file for TLS' -r
complete -c k -n "__fish_k_using_subcommand wait" -l client-key -d 'Path to a client key file for TLS' -r
complete -c k -n "__fish_k_using_subcommand wait" -l insecure-skip-tls-verify -d 'If true, the server\'s certificate will not be checked for validity. This will make your HTTPS connections insecure' -r
complete -c k -n "__fish_k_using_subcommand wait" -l tls-server-name -d 'Server name to use for server certificate validation' -r
complete -c k -n "__fish_k_using_subcommand wait" -l as -d 'Username to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand wait" -l as-group -d 'Group to impersonate for the operation, this flag can be repeated to specify multiple groups' -r
complete -c k -n "__fish_k_using_subcommand wait" -l as-uid -d 'UID to impersonate for the operation' -r
complete -c k -n "__fish_k_using_subcommand wait" -l as-user-extra -d 'User extras to impersonate for the operation, as key=value' -r
complete -c k -n "__fish_k_using_subcommand wait" -l cache-dir -d 'Default cache directory' -r
complete -c k -n "__fish_k_using_subcommand wait" -l request-timeout -d 'The length of time to wait before giving up on a single server request. Zero means don\'t timeout requests' -r
complete -c k -n "__fish_k_using_subcommand wait" -l disable-compression -d 'If true, opt-out of response compression for all requests to the server' -r
complete -c k -n "__fish_k_using_subcommand wait" -l match-server-version -d 'Require server version to match client version' -r
complete -c k -n "__fish_k_using_subcommand wait" -l proxy-url -d 'If provided, this URL will be used to connect via proxy' -r
complete -c k -n "__fish_k_using_subcommand wait" -l kuberc -d 'Path to the kuberc file to use for preferences' -r
complete -c k -n "__fish_k_using_subcommand wait" -l warnings-as-errors -d 'Treat warnings received from the server as errors and exit with a non-zero exit code' -r
complete -c k -n "__fish_k_using_subcommand wait" -s v -l v -d 'Number for the log level verbosity' -r
complete -c k -n "__fish_k_using_subcommand wait" -l vmodule -d 'Comma-separated list of pattern=N settings for file-filtered logging' -r
complete -c k -n "__fish_k_using_subcommand wait" -l log-flush-frequency -d 'Maximum number of seconds between log flushes' -r
complete -c k -n "__fish_k_using_subcommand wait" -l profile -d 'Name of profile to capture' -r
complete -c k -n "__fish_k_using_subcommand wait" -l profile-output -d 'Name of the file to write the profile to' -r
complete -c k -n "__fish_k_using_subcommand wait" -s f -l filename -d 'Filename, directory, or URL to files that contain the configuration' -r
complete -c k -n "__fish_k_using_subcommand wait" -s k -l kustomize -d 'Process the kustomization directory. This flag can\'t be used together with -f or -R' -r
complete -c k -n "__fish_k_using_subcommand wait" -s R -l recursive -d 'Process the directory used in -f, --filename recursively' -r
complete -c k -n "__fish_k_using_subcommand wait" -s o -l output -d 'Output format' -r
complete -c k -n "__fish_k_using_subcommand wait" -l template -d 'Template string or path to template file to use when -o=go-template, -o=go-template-file' -r
complete -c k -n "__fish_k_using_subcommand wait" -l allow-missing-template-keys -d 'If true, ignore any errors in templates when a field or map key is missing in the template' -r -f -a "true\t''
false\t''"
complete -c k -n "__fish_k_using_subcommand wait" -l show-managed-fields -d 'If true, keep the managedFields when printing objects in JSON or YAML format' -r
complete -c k -n "__fish_k_using_subcommand wait" -l all -d 'Select all resources in the namespace of the specified resource types' -r
complete -c k -n "__fish_k_using_subcommand wait" -s A -l all-namespaces -d 'If present, list the requested object(s) across all namespaces' -r
complete -c k -n "__fish_k_using_subcommand wait" -l field-selector -d 'Selector (field query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand wait" -l for -d 'The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath=\'{JSONPath expression}\'=[JSONPath value]]. Multiple conditions are supported and AND\'ed to each other in a sequential order. If --for=create is passed, it is always waited first' -r
complete -c k -n "__fish_k_using_subcommand wait" -l local -d 'If true, annotation will NOT contact api-server but run locally' -r
complete -c k -n "__fish_k_using_subcommand wait" -s l -l selector -d 'Selector (label query) to filter on' -r
complete -c k -n "__fish_k_using_subcommand wait" -l timeout -d 'The length of time to wait before giving up. Zero means check once and don\'t wait, negative means wait for a week' -r
complete -c k -n "__fish_k_using_subcommand wait" -s h -l help -d 'Print help'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "annotate" -d 'Update the annotations on a resource'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "api-resources" -d 'Print the supported API resources on the server'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "api-versions" -d 'Print the supported API versions on the server, in the form of "group/version"'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "apply" -d 'Apply a configuration to a resource by file name or stdin'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "attach" -d 'Attach to a running container'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "auth" -d 'Inspect authorization'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "autoscale" -d 'Auto-scale a deployment, replica set, stateful set, or replication controller'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "cluster" -d 'Start, stop and look at a cluster on this machine'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "cluster-info" -d 'Display cluster information'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "completion" -d 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "config" -d 'Modify kubeconfig files'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "cordon" -d 'Mark node as unschedulable'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "create" -d 'Create a resource from a file or from stdin'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "delete" -d 'Delete resources by file names, stdin, resources and names, or by resources and label selector'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "describe" -d 'Show details of a specific resource or group of resources'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "drain" -d 'Drain node in preparation for maintenance'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "edit" -d 'Edit a resource on the server'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "exec" -d 'Execute a command in a container'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "expose" -d 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "get" -d 'Display one or many resources'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "image" -d 'Build, import and look at container images of a cluster on this machine'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "label" -d 'Update the labels on a resource'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "logs" -d 'Print the logs for a container in a pod'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "patch" -d 'Update fields of a resource'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "port-forward" -d 'Forward one or more local ports to a pod'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "replace" -d 'Replace a resource by file name or stdin'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "rollout" -d 'Manage the rollout of a resource'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "run" -d 'Run a particular image on the cluster'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "scale" -d 'Set a new size for a deployment, replica set, or replication controller'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "server" -d 'Run a whole cluster in this process, in the foreground'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "set" -d 'Set specific features on objects'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "taint" -d 'Update the taints on one or more nodes'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "uncordon" -d 'Mark node as schedulable'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "version" -d 'Print the client and server version information'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "wait" -d 'Wait for a specific condition on one or many resources'
complete -c k -n "__fish_k_using_subcommand help; and not __fish_seen_subcommand_from annotate api-resources api-versions apply attach auth autoscale cluster cluster-info completion config cordon create delete describe drain edit exec expose get image label logs patch port-forward replace rollout run scale server set taint uncordon version wait help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
