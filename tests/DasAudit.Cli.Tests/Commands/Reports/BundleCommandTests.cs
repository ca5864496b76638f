using System.Text.Json;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Datasets;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Commands.Reports;

public sealed class BundleCommandTests : IDisposable
{
    private const string Bundle = "evidence.dasaudit.zip";

    private readonly Tool _tool = new();

    public BundleCommandTests()
    {
        _tool.Variables["DASAUDIT_PASSPHRASE"] = "correct horse";
        File.WriteAllBytes(
            Path.Combine(Directory.CreateDirectory(At("photos")).FullName, "a.png"),
            TestPictures.Png(1)
        );
        File.WriteAllBytes(At("photos/b.png"), TestPictures.Png(2));
        File.WriteAllBytes(At("mine.png"), TestPictures.Png(3));
        var sample = SampleReport.Create();
        var set = TrainingSetLoader.Load(At("photos"), new(), null, CancellationToken.None);
        var report = sample.Report with { Dataset = sample.Report.Dataset with { Root = set.Root } };
        using var store = ReportStore.Open(At(".das-audit/audits.db"), StoreAccess.ReadWrite);
        store.Add(sample with { Report = report });
    }

    private static string Id => SampleReport.Id(0);

    [Fact]
    public async Task A_signed_bundle_is_made_and_verified()
    {
        await MakeAsync("--sign", "lab");

        var outcome = await _tool.RunAsync("reports", "verify", Bundle, "--key", "lab");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("yes: it is what was signed by the keys that you gave", outcome.Out, StringComparison.Ordinal);
        Assert.True(outcome.Out.Count(c => c == '\n') < 25);
        var document = (await _tool.RunAsync("reports", "verify", Bundle, "--key", "lab", "--json")).Json();
        Assert.Equal("das-audit/bundle-verification/1", document.GetProperty("schema").GetString());
        Assert.True(document.GetProperty("unaltered").GetBoolean());
        Assert.Equal(1, document.GetProperty("record").GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task Without_a_key_or_a_signature_nothing_is_promised()
    {
        await MakeAsync();

        var outcome = await _tool.RunAsync("reports", "verify", Bundle, "--json");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(JsonValueKind.Null, outcome.Json().GetProperty("unaltered").ValueKind);
        Assert.Equal(3, (await _tool.RunAsync("reports", "verify", Bundle, "--key", "lab")).ExitCode);
    }

    [Fact]
    public async Task Another_person_signs_a_bundle_later_and_the_first_signature_stays()
    {
        await MakeAsync("--sign", "lab");
        await _tool.RunAsync("keys", "new", "counsel");
        var made = File.ReadAllBytes(At(Bundle));

        var signed = await SignAsync("both.zip", "--json");

        Assert.Equal(2, signed.Json().GetProperty("keys").GetArrayLength());
        Assert.Equal(made, File.ReadAllBytes(At(Bundle)));
        Assert.Equal(0, (await VerifyAsync("both.zip", "--key", "lab", "--key", "counsel")).ExitCode);
        Assert.Equal(3, (await VerifyAsync(Bundle, "--key", "counsel")).ExitCode);
        Assert.Equal(1, (await SignAsync("both.zip")).ExitCode);
    }

    [Fact]
    public async Task A_bundle_that_nobody_signed_takes_its_first_signature()
    {
        await MakeAsync();
        await _tool.RunAsync("keys", "new", "counsel");

        Assert.Equal(0, (await SignAsync("signed.zip")).ExitCode);

        Assert.Equal(0, (await VerifyAsync("signed.zip", "--key", "counsel")).ExitCode);
    }

    [Fact]
    public async Task An_altered_bundle_is_not_signed()
    {
        await MakeAsync("--sign", "lab");
        await _tool.RunAsync("keys", "new", "counsel");
        var bytes = File.ReadAllBytes(At(Bundle));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(At(Bundle), bytes);

        var outcome = await SignAsync("signed.zip");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("is not what was bundled, so it is not signed", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("signed.zip")));
    }

    [Fact]
    public async Task An_altered_bundle_exits_with_3()
    {
        await MakeAsync("--sign", "lab");
        var bytes = File.ReadAllBytes(At(Bundle));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(At(Bundle), bytes);

        var outcome = await _tool.RunAsync("reports", "verify", Bundle, "--key", "lab");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("FAIL", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(3, (await _tool.RunAsync("reports", "prove", Bundle, "--item", "faces/1.png")).ExitCode);
    }

    [Fact]
    public async Task The_signature_of_the_model_is_bundled_and_compared()
    {
        var files = SampleReport.Create().Report.Model.Files!;
        File.WriteAllBytes(At("model.sig"), SampleModelSignature.Of(files));
        await MakeAsync("--model-signature", "model.sig");

        var verified = await _tool.RunAsync("reports", "verify", Bundle);

        Assert.Contains("it lists the files of the audited model, each with its hash", verified.Out);
    }

    [Fact]
    public async Task The_signature_of_another_model_is_refused_and_nothing_is_written()
    {
        var files = SampleReport.Create().Report.Model.Files!;
        var ofAnother = files.Select(file => file with { Sha256 = new('a', 64) });
        File.WriteAllBytes(At("model.sig"), SampleModelSignature.Of(ofAnother));
        File.WriteAllText(At("no.sig"), "{}");

        Assert.Equal(3, (await BundleAsync("model.sig")).ExitCode);
        Assert.Equal(1, (await BundleAsync("no.sig")).ExitCode);
        Assert.Contains("'model.sig' is not about the audited model", (await BundleAsync("model.sig")).Error);
        Assert.False(File.Exists(At(Bundle)));

        Task<Outcome> BundleAsync(string signature) =>
            _tool.RunAsync("reports", "bundle", Id, "--output", Bundle, "--model-signature", signature);
    }

    [Fact]
    public async Task A_bundle_is_not_written_over()
    {
        await MakeAsync();

        var outcome = await _tool.RunAsync("reports", "bundle", Id, "--output", Bundle);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("no bundle is written over", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_holder_proves_a_picture_with_the_proof_and_the_key_alone()
    {
        await MakeAsync("--sign", "lab");
        var made = await _tool.RunAsync("reports", "prove", Bundle, "--item", "faces/2.png", "--output", "proof.json");
        Assert.Equal(0, made.ExitCode);
        File.Delete(At(Bundle));

        var outcome = await _tool.RunAsync("reports", "verify", "proof.json", "--key", "lab", "--json");

        Assert.Equal(0, outcome.ExitCode);
        Assert.True(outcome.Json().GetProperty("proven").GetBoolean());
        var text = File.ReadAllText(At("proof.json"));
        File.WriteAllText(At("proof.json"), text.Replace("\"rank\": 2", "\"rank\": 1", StringComparison.Ordinal));
        Assert.Equal(3, (await _tool.RunAsync("reports", "verify", "proof.json", "--key", "lab")).ExitCode);
        Assert.Equal(3, (await _tool.RunAsync("reports", "verify", "proof.json", "--root", new('0', 64))).ExitCode);
        var stamped = await _tool.RunAsync("reports", "verify", "proof.json", "--tsa-certificate", "tsa.pem");
        Assert.Equal(64, stamped.ExitCode);
        Assert.Contains("for the time stamps of a bundle; give --bundle too", stamped.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("files")]
    [InlineData("pixels")]
    public async Task A_picture_is_proven_absent_from_the_dataset(string of)
    {
        await MakeAsync("--sign", "lab", "--dataset", "photos");
        string[] prove =
        [
            "reports",
            "prove",
            Bundle,
            "--dataset",
            "photos",
            "--of",
            of,
            "--output",
            "proof.json",
            "--absent",
        ];

        Assert.Equal(0, (await _tool.RunAsync([.. prove, "mine.png"])).ExitCode);
        Assert.Equal(0, (await _tool.RunAsync("reports", "verify", "proof.json", "--key", "lab")).ExitCode);
        Assert.Equal(0, (await _tool.RunAsync("reports", "verify", "proof.json", "--bundle", Bundle)).ExitCode);
        var there = await _tool.RunAsync([.. prove, "photos/a.png"]);
        Assert.Equal(3, there.ExitCode);
        Assert.Contains("'photos' holds a picture", there.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_that_changed_is_refused()
    {
        File.Delete(At("photos/b.png"));

        var outcome = await _tool.RunAsync("reports", "bundle", Id, "--output", Bundle, "--dataset", "photos");

        Assert.Equal(3, outcome.ExitCode);
        Assert.False(File.Exists(At(Bundle)));
    }

    [Theory]
    [InlineData("Give one of --item and --absent.", "prove", "01J", "--output", "p.json")]
    [InlineData("--absent takes --dataset", "prove", "01J", "--absent", "mine.png")]
    [InlineData("--tsa stamps signatures", "bundle", "01", "--tsa", "http://127.0.0.1/")]
    [InlineData("Who is to sign?", "sign", Bundle, "--output", "b.zip")]
    [InlineData("Give --output FILE.", "sign", Bundle, "--sign", "lab")]
    [InlineData("takes an address", "bundle", "01", "--tsa", "tsa.example")]
    [InlineData("--key is for bundles and proofs", "verify", "01", "--key", "lab")]
    [InlineData("--root and --bundle are for proofs", "verify", "mine.png", "--root", "00")]
    public async Task Wrong_usage_exits_with_64(string sentence, params string[] arguments)
    {
        var outcome = await _tool.RunAsync(["reports", .. arguments]);

        Assert.Equal(64, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _tool.Dispose();

    private string At(string name) => Path.Combine(_tool.WorkingDirectory, name);

    private Task<Outcome> SignAsync(string output, params string[] options) =>
        _tool.RunAsync(["reports", "sign", Bundle, "--sign", "counsel", "--output", output, .. options]);

    private Task<Outcome> VerifyAsync(string bundle, params string[] options) =>
        _tool.RunAsync(["reports", "verify", bundle, .. options]);

    private async Task MakeAsync(params string[] options)
    {
        Assert.Equal(0, (await _tool.RunAsync("keys", "new", "lab")).ExitCode);
        var outcome = await _tool.RunAsync(["reports", "bundle", Id, "--output", Bundle, .. options]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }
}
