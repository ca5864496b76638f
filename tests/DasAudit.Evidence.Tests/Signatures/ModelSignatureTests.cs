using DasAudit.Core.Models;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Bundles;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Tests.Signatures;

public sealed class ModelSignatureTests
{
    private static readonly ModelInfo Model = SampleReport.Create().Report.Model;
    private static readonly ModelFile Schedule = Model.Files![0];
    private static readonly ModelFile Unet = Model.Files![1];
    private static readonly string Others = new('a', 64);

    [Fact]
    public void A_signature_of_all_files_is_about_the_model()
    {
        var (isAboutModel, what) = Compare(SampleModelSignature.Of([Schedule, Unet, new("README.md", Others)]));

        Assert.True(isAboutModel);
        Assert.Equal("it lists the files of the audited model, each with its hash", what);
    }

    [Fact]
    public void Files_may_be_called_otherwise_and_hashes_be_written_in_capitals()
    {
        ModelFile[] signed = [new("model.safetensors", Unet.Sha256.ToUpperInvariant()), Schedule];

        Assert.True(Compare(SampleModelSignature.Of(signed)).IsAboutModel);
    }

    [Fact]
    public void What_is_not_listed_is_named()
    {
        var (isAboutModel, what) = Compare(SampleModelSignature.Of([Unet]));

        Assert.True(isAboutModel);
        Assert.EndsWith($"of the audited model, and not '{Schedule.Name}'", what, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bytes_under_the_same_name_are_another_model()
    {
        var (isAboutModel, what) = Compare(SampleModelSignature.Of([Schedule, Unet with { Sha256 = Others }]));

        Assert.False(isAboutModel);
        Assert.Contains($"other bytes for '{Unet.Name}'", what, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_of_none_of_its_files_is_not_about_the_model()
    {
        Assert.False(Compare(SampleModelSignature.Of([new("weights.bin", Others)])).IsAboutModel);
        Assert.False(Compare(SampleModelSignature.Of([])).IsAboutModel);
    }

    [Theory]
    [InlineData(SampleModelSignature.Predicate, "shards", "sha256", "sha256 of shards")]
    [InlineData(SampleModelSignature.Predicate, "files", "blake2b", "blake2b of files")]
    [InlineData("https://model_signing/Digests/v0.1", "files", "sha256", "a kind that this version does not know")]
    public void What_cannot_be_compared_is_said(string predicate, string method, string hash, string said)
    {
        var (isAboutModel, what) = Compare(SampleModelSignature.Of([Unet], predicate, method, hash));

        Assert.Null(isAboutModel);
        Assert.Contains(said, what, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_an_earlier_version_cannot_be_compared()
    {
        var signature = ModelSignature.Parse(SampleModelSignature.Of([Unet]));

        Assert.Null(signature.Compare(Model with { Files = null }).IsAboutModel);
    }

    public static TheoryData<byte[]> NoSignatures =>
        new()
        {
            ""u8.ToArray(),
            "{}"u8.ToArray(),
            "[1]"u8.ToArray(),
            """{"dsseEnvelope": 3}"""u8.ToArray(),
            """{"dsseEnvelope": {"payload": "no Base64!"}}"""u8.ToArray(),
            """{"dsseEnvelope": {"payload": "e30="}}"""u8.ToArray(),
            SampleModelSignature.Around("""{"predicateType": 1}"""u8.ToArray()),
            SampleModelSignature.Around(
                """
                {"predicateType": "https://model_signing/signature/v1.0",
                 "predicate": {"resources": [{"name": "a"}],
                               "serialization": {"method": "files", "hash_type": "sha256"}}}
                """u8.ToArray()
            ),
        };

    [Theory]
    [MemberData(nameof(NoSignatures))]
    public void Anything_else_is_refused(byte[] file)
    {
        var error = Assert.Throws<FormatException>(() => ModelSignature.Parse(file));

        Assert.Equal("it is no bundle of OpenSSF model signing", error.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_bundle_says_whether_the_signature_is_about_its_model(bool isAboutModel)
    {
        ModelFile signed = isAboutModel ? Unet : new(Unet.Name, Others);
        var contents = BundleBuilder.Build(SampleReport.Create(), null, null, SampleModelSignature.Of([signed]));

        var verification = new BundleVerifier([]).Verify(BundleWriter.Write(contents, null, null));

        var check = Assert.Single(verification.Checks, check => check.Name == BundleNames.ModelSignature);
        Assert.Equal(isAboutModel, check.Passed);
        Assert.Contains(
            verification.NotChecked,
            limit => limit.StartsWith("Who signed the model", StringComparison.Ordinal)
        );
    }

    private static (bool? IsAboutModel, string What) Compare(byte[] signature) =>
        ModelSignature.Parse(signature).Compare(Model);
}
