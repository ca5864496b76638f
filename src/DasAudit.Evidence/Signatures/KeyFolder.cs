using DasAudit.Core.Platforms;

namespace DasAudit.Evidence.Signatures;

/// <summary>Keys by name: <c>NAME.pem</c> is the encrypted private one, <c>NAME.pub.pem</c> the public one.</summary>
/// <param name="folder">Absolute; made, for its owner alone, with the first key.</param>
internal sealed class KeyFolder(string folder)
{
    private const string PublicEnding = ".pub.pem";
    private const string PrivateEnding = ".pem";
    private const int LongestKey = 64 * 1024;

    /// <summary>Names of the keys whose public half is here, in order.</summary>
    internal IReadOnlyList<string> Names =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*" + PublicEnding)
                    .Select(path => Path.GetFileName(path)[..^PublicEnding.Length])
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    internal string PrivatePath(string name) => Path.Combine(folder, name + PrivateEnding);

    internal string PublicPath(string name) => Path.Combine(folder, name + PublicEnding);

    /// <summary>Whether a text can be a key's name, which becomes part of a file's name.</summary>
    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 64
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && !text.EndsWith(".pub", StringComparison.Ordinal);

    /// <summary>Refuses a name that is none, or taken.</summary>
    internal void CheckNew(string name)
    {
        if (!IsName(name))
            throw new AuditException(
                $"'{name}' is no name for a key; use up to 64 letters, digits, '-', '_' and '.', "
                    + "a letter or digit first."
            );
        if (!Platform.Current.CanName(name + PrivateEnding))
            throw new AuditException($"{Platform.Current.System} keeps the name '{name}' for a device; use another.");
        foreach (var path in new[] { PrivatePath(name), PublicPath(name) })
            if (Path.Exists(path))
                throw new AuditException($"'{path}' is there already, and no key is written over; use another name.");
    }

    /// <summary>Writes both halves of a new key; files that are there are never written over.</summary>
    internal void Write(string name, SigningKey key, string passphrase)
    {
        CheckNew(name);
        Platform.Current.CreatePrivateFolder(folder);
        WriteNew(PrivatePath(name), key.Encrypt(passphrase));
        WriteNew(PublicPath(name), key.PublicPem);
    }

    /// <summary>Reads the public key of a name, or of a file.</summary>
    internal VerificationKey ReadPublic(string nameOrFile, Func<string, string> resolve) =>
        VerificationKey.Parse(ReadText(Locate(nameOrFile, PublicPath, resolve), nameOrFile), nameOrFile);

    /// <summary>Reads the private key of a name, or of a file.</summary>
    /// <exception cref="AuditException">
    /// There is none, others than its owner may read it, or the passphrase is not its own.
    /// </exception>
    internal SigningKey ReadPrivate(string nameOrFile, Func<string, string> resolve, Func<string> passphrase)
    {
        var path = Locate(nameOrFile, PrivatePath, resolve);
        var pem = ReadText(path, nameOrFile);
        if (Platform.Current.CommandToMakePrivate(path) is { } command)
            throw new AuditException(
                $"The private key '{nameOrFile}' can be read or written by others; run: {command}"
            );
        return SigningKey.Decrypt(pem, passphrase(), nameOrFile)
            ?? throw new AuditException($"The passphrase does not open the key '{nameOrFile}'; give the right one.");
    }

    private static string Locate(string nameOrFile, Func<string, string> inFolder, Func<string, string> resolve)
    {
        if (IsName(nameOrFile) && File.Exists(inFolder(nameOrFile)))
            return inFolder(nameOrFile);
        var path = resolve(nameOrFile);
        return File.Exists(path)
            ? path
            : throw new AuditException(
                $"There is no key '{nameOrFile}', neither by that name nor as a file; 'keys show' lists the names."
            );
    }

    private static string ReadText(string path, string shown) =>
        new FileInfo(path).Length <= LongestKey
            ? File.ReadAllText(path)
            : throw new AuditException($"'{shown}' is too large for a key; name another file.");

    private static void WriteNew(string path, string text)
    {
        using var file = Platform.Current.CreatePrivateFile(path);
        file.Write(System.Text.Encoding.ASCII.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}
