using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace DasAudit.Core.Platforms;

/// <summary>Who may use a file on Windows, which knows lists of accounts where Unix has modes.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsAccess
{
    private const FileSystemRights Dangerous =
        FileSystemRights.ReadData
        | FileSystemRights.WriteData
        | FileSystemRights.AppendData
        | FileSystemRights.ChangePermissions
        | FileSystemRights.TakeOwnership;

    // They can read everything anyway.
    private static readonly SecurityIdentifier[] Masters =
    [
        new(WellKnownSidType.LocalSystemSid, null),
        new(WellKnownSidType.BuiltinAdministratorsSid, null),
        new(WellKnownSidType.WinCreatorOwnerRightsSid, null),
    ];

    private static SecurityIdentifier User => WindowsIdentity.GetCurrent().User!;

    /// <summary>Makes a folder for this user alone; one that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
            return;
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(
            new(
                User,
                FileSystemRights.FullControl,
                InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit,
                PropagationFlags.None,
                AccessControlType.Allow
            )
        );
        new DirectoryInfo(path).Create(security);
    }

    /// <summary>Makes a new file for this user alone.</summary>
    public static FileStream CreateFile(string path)
    {
        var security = new FileSecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        security.AddAccessRule(new(User, FileSystemRights.FullControl, AccessControlType.Allow));
        return new FileInfo(path).Create(
            FileMode.CreateNew,
            FileSystemRights.Write,
            FileShare.None,
            bufferSize: 4096,
            FileOptions.None,
            security
        );
    }

    /// <summary>Whether another account than this user, the system and administrators can read or write it.</summary>
    public static bool IsOpenToOthers(string path) =>
        new FileInfo(path)
            .GetAccessControl(AccessControlSections.Access)
            .GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier))
            .Cast<FileSystemAccessRule>()
            .Any(rule =>
                rule.AccessControlType == AccessControlType.Allow
                && (rule.FileSystemRights & Dangerous) != 0
                && !rule.IdentityReference.Equals(User)
                && !Masters.Contains(rule.IdentityReference)
            );
}
