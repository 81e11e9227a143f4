# HERE SCRIPT DIRECTORY WORD...: prints what fish offers for the last word.
function virsh
    switch "$argv"
        case '*list --all --name'
            printf '%s\n' web1 db1 'my guest' off1
        case '*list --name'
            printf '%s\n' web1 db1 'my guest'
        case '*domiflist web1'
            printf '%s\n' ' web1-0   bridge   br0   virtio   52:54:00:00:00:01' ' -   bridge   br0   virtio   52:54:00:00:00:02'
        case '*domiflist my guest'
            printf '%s\n' ' my-gue-0   bridge   br0   virtio   52:54:00:00:00:03'
    end
end
source $argv[2]
cd $argv[3]
complete -C (string join ' ' -- $argv[4..]) | string replace -r '\t.*' ''
# string(1) fails where it has replaced nothing.
true
