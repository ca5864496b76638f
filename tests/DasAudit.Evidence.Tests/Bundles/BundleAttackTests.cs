using System.Globalization;
using DasAudit.Evidence.Bundles;

namespace DasAudit.Evidence.Tests.Bundles;

public sealed class BundleAttackTests : IDisposable
{
    private readonly SampleBundle _bundle = new();

    public static TheoryData<string> Names => [.. BundleAttacks.All.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Verifying_rejects(string name)
    {
        var attack = BundleAttacks.All.Single(attack => attack.Name == name);

        var verification = _bundle.Verify(attack.Run(_bundle));

        Assert.False(verification.IsUnaltered);
        Assert.Contains(
            verification.Checks,
            check => check.Passed == false && check.What.Contains(attack.Finding, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_attack_says_what_it_attempts() =>
        Assert.All(BundleAttacks.All, attack => Assert.EndsWith(".", attack.Attempts, StringComparison.Ordinal));

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        var variable = Environment.GetEnvironmentVariable("DASAUDIT_TEST_FLIPS");
        var flips = int.Parse(variable ?? "1000", CultureInfo.InvariantCulture);
        var random = new Random(15);
        for (var flip = 0; flip < flips; flip++)
        {
            var damaged = (byte[])_bundle.File.Clone();
            var (offset, bit) = (random.Next(damaged.Length), random.Next(8));
            damaged[offset] ^= (byte)(1 << bit);

            Assert.False(_bundle.Verify(damaged).IsUnaltered, $"bit {bit} of byte {offset}");
        }

        TestContext.Current.SendDiagnosticMessage($"{flips} flipped bits of {_bundle.File.Length} bytes noticed");
    }

    [Fact]
    public void An_unsigned_bundle_is_never_called_unaltered()
    {
        var file = BundleWriter.Write(BundleAttacks.Edited(_bundle), null, null);

        var verification = new BundleVerifier([]).Verify(file);

        Assert.Null(verification.IsUnaltered);
        Assert.Contains(
            verification.NotChecked,
            sentence => sentence.Contains("nobody signed it", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("=HYPERLINK(\"http://example.org\")")]
    [InlineData("../../etc/passwd")]
    [InlineData("\u202e\u0007\u001b[31m")]
    public void Texts_of_a_report_stay_texts(string text)
    {
        var contents = BundleBuilder.Build(SampleReport.WithEveryText(text), null, null, null);
        var file = BundleWriter.Write(contents, BundleWriter.Sign(contents, [_bundle.Key]), null);

        var verification = _bundle.Verify(file);

        Assert.True(verification.IsUnaltered);
        Assert.DoesNotContain(contents.Parts, part => !BundleNames.IsKnown(part.Name));
        var html = System.Text.Encoding.UTF8.GetString(contents.Parts.Single(p => p.Name == BundleNames.Html).Bytes);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    public void Dispose() => _bundle.Dispose();
}
