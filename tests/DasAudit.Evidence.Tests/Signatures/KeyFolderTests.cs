using DasAudit.Abstractions;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Tests.Signatures;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KeyFolderTests : IDisposable
{
    private const string Passphrase = "correct horse";

    private readonly TempFolder _folder = new();
    private readonly KeyFolder _keys;

    public KeyFolderTests() => _keys = new(_folder["keys"]);

    [Fact]
    public void A_key_comes_back_with_its_passphrase_alone()
    {
        var id = Make("lab");

        using var key = Read("lab", Passphrase);
        using var publicKey = _keys.ReadPublic("lab", path => path);

        Assert.Equal(["lab"], _keys.Names);
        Assert.Equal(id, key.Id);
        Assert.Equal(id, publicKey.Id);
        var error = Assert.Throws<AuditException>(() => Read("lab", "wrong"));
        Assert.Equal("The passphrase does not open the key 'lab'; give the right one.", error.Message);
    }

    [Fact]
    public void The_private_half_is_encrypted_and_its_owners_alone()
    {
        Make("lab");

        var path = _keys.PrivatePath("lab");
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_folder["keys"])
        );
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused()
    {
        Make("lab");
        File.SetUnixFileMode(_keys.PrivatePath("lab"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var error = Assert.Throws<AuditException>(() => Read("lab", Passphrase));
        Assert.Contains("chmod 600", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".pem")]
    [InlineData(".pub.pem")]
    public void No_key_is_written_over(string ending)
    {
        Directory.CreateDirectory(_folder["keys"]);
        _folder.Write($"keys/lab{ending}", "precious");

        var error = Assert.Throws<AuditException>(() => Make("lab"));

        Assert.Contains("no key is written over", error.Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(_folder[$"keys/lab{ending}"]));
        Assert.Single(Directory.GetFiles(_folder["keys"]));
    }

    [Theory]
    [InlineData("../lab")]
    [InlineData(".lab")]
    [InlineData("a/b")]
    [InlineData("lab.pub")]
    [InlineData("")]
    public void A_name_that_leads_elsewhere_is_none(string name) => Assert.Throws<AuditException>(() => Make(name));

    [Fact]
    public void Openssl_reads_both_halves()
    {
        Assert.SkipUnless(OpenSsl.IsThere, OpenSsl.Missing);
        var id = Make("lab");
        string[] private_ =
        [
            "pkey",
            "-in",
            "keys/lab.pem",
            "-passin",
            $"pass:{Passphrase}",
            "-pubout",
            "-outform",
            "DER",
        ];

        OpenSsl.Run(_folder.Path, [.. private_, "-out", "spki"]);
        OpenSsl.Run(_folder.Path, "pkey", "-pubin", "-in", "keys/lab.pub.pem", "-outform", "DER", "-out", "spki2");

        Assert.Equal(
            id,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["spki"])))
        );
        Assert.Equal(File.ReadAllBytes(_folder["spki"]), File.ReadAllBytes(_folder["spki2"]));
    }

    [Fact]
    public void A_key_of_another_curve_or_kind_is_refused()
    {
        using var foreignKey = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP384
        );
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        foreach (
            var pem in new[] { foreignKey.ExportSubjectPublicKeyInfoPem(), rsa.ExportSubjectPublicKeyInfoPem(), "x" }
        )
            Assert.Throws<AuditException>(() => VerificationKey.Parse(pem, "key"));
        Assert.Throws<AuditException>(() => VerificationKey.Parse(foreignKey.ExportPkcs8PrivateKeyPem(), "key"));
    }

    public void Dispose() => _folder.Dispose();

    private string Make(string name)
    {
        using var key = SigningKey.Create();
        _keys.Write(name, key, Passphrase);
        return key.Id;
    }

    private SigningKey Read(string name, string passphrase) => _keys.ReadPrivate(name, path => path, () => passphrase);
}
