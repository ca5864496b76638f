using System.Security.Cryptography;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Commands;

public sealed class KeyCommandTests : IDisposable
{
    private readonly Tool _tool = new();

    [Fact]
    public async Task A_key_is_made_at_home_and_shown()
    {
        _tool.Variables["DASAUDIT_PASSPHRASE"] = "correct horse";

        var made = (await _tool.RunAsync("keys", "new", "lab", "--json")).Json();
        var shown = (await _tool.RunAsync("keys", "show", "--json")).Json();

        Assert.Equal(
            Path.Combine(_tool.Home, ".das-audit", "keys", "lab.pem"),
            made.GetProperty("privateFile").GetString()
        );
        Assert.Equal("das-audit/keys/1", shown.GetProperty("schema").GetString());
        Assert.Equal(
            made.GetProperty("keyId").GetString(),
            shown.GetProperty("items")[0].GetProperty("keyId").GetString()
        );
        Assert.Contains("lab.pub.pem", (await _tool.RunAsync("keys", "show", "lab")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await _tool.RunAsync("keys", "new", "lab")).ExitCode);
        Assert.Equal(1, (await _tool.RunAsync("keys", "show", "other")).ExitCode);
    }

    [Fact]
    public async Task A_passphrase_file_goes_before_the_variable()
    {
        _tool.Variables["DASAUDIT_PASSPHRASE"] = "wrong";
        _tool.Write("phrase", "right\nand no more\n");

        Assert.Equal(0, (await _tool.RunAsync("keys", "new", "lab", "--passphrase-file", "phrase")).ExitCode);

        var pem = File.ReadAllText(Path.Combine(_tool.Home, ".das-audit", "keys", "lab.pem"));
        using var key = ECDsa.Create();
        Assert.Throws<CryptographicException>(() => key.ImportFromEncryptedPem(pem, "wrong"));
        key.ImportFromEncryptedPem(pem, "right");
    }

    [Fact]
    public async Task Nobody_to_ask_is_wrong_usage()
    {
        var outcome = await _tool.RunAsync("keys", "new", "lab");

        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains(
            "give --passphrase-file FILE or set DASAUDIT_PASSPHRASE",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0, "secret", "secret")]
    [InlineData(1, "secret", "sceret")]
    [InlineData(64, "")]
    public async Task A_person_types_a_new_passphrase_twice(int exitCode, params string[] typed)
    {
        _tool.Replace = services => services.AddSingleton<ISecretPrompt>(new Typed(typed));

        Assert.Equal(exitCode, (await _tool.RunAsync("keys", "new", "lab")).ExitCode);
    }

    public void Dispose() => _tool.Dispose();

    private sealed class Typed(string[] answers) : ISecretPrompt
    {
        private int _next;

        public string? Ask(string question) => answers[_next++];
    }
}
