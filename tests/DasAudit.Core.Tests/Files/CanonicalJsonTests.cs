using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public class CanonicalJsonTests
{
    [Fact]
    public void The_example_of_the_RFC_gives_its_bytes()
    {
        // RFC 8785, sections 3.2.2 and 3.2.4.
        var json = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50,
                          2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        var expected =
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"""
            + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";

        Assert.Equal(expected, Canonical(json));
        Assert.StartsWith("7b226c69746572616c73223a5b6e756c6c2c", Hex(json), StringComparison.Ordinal);
    }

    [Fact]
    public void Properties_stand_in_the_order_of_their_UTF_16_code_units()
    {
        // RFC 8785, section 3.2.3: the surrogates of the smiley come before the Hebrew letter in its presentation form.
        var json = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;

        using var document = JsonDocument.Parse(Canonical(json));

        Assert.Equal(
            [
                "Carriage Return",
                "One",
                "Control",
                "Latin Small Letter O With Diaeresis",
                "Euro Sign",
                "Emoji: Grinning Face",
                "Hebrew Letter Dalet With Dagesh",
            ],
            document.RootElement.EnumerateObject().Select(property => property.Value.GetString())
        );
    }

    // RFC 8785, appendix B.
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers_are_written_as_in_the_table_of_the_RFC(string bits, string expected)
    {
        var value = BitConverter.UInt64BitsToDouble(ulong.Parse(bits, NumberStyles.HexNumber, null));

        Assert.Equal(expected, EcmaScriptNumber.Format(value));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_number_of_JSON_is_refused(double value) =>
        Assert.Throws<ArgumentException>(() => EcmaScriptNumber.Format(value));

    [Fact]
    public void Doubles_of_all_sizes_are_written_as_Node_writes_them()
    {
        // The hash that Node 20 prints for this:
        //   const h = require('crypto'), all = h.createHash('sha256'); let b = Buffer.alloc(32);
        //   for (let i = 0; i < 20000; i++) {
        //     b = h.createHash('sha256').update(b).digest();
        //     for (let k = 0; k < 4; k++) for (const x of [b.readDoubleLE(8 * k), b.readInt32LE(8 * k) / 10 ** k])
        //       if (isFinite(x)) all.update(JSON.stringify(x) + '\n');
        //   }
        //   console.log(all.digest('hex'));
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[32];
        for (var round = 0; round < 20_000; round++)
        {
            block = SHA256.HashData(block);
            for (var k = 0; k < 4; k++)
            {
                Append(BitConverter.ToDouble(block, 8 * k));
                Append(BitConverter.ToInt32(block, 8 * k) / Math.Pow(10, k));
            }
        }

        Assert.Equal(
            "6f16852bd87d7599ea5c099645d97bcf5a4227cbf2fcc043c628d436e447a57c",
            Convert.ToHexStringLower(all.GetCurrentHash())
        );

        void Append(double value)
        {
            if (double.IsFinite(value))
                all.AppendData(Encoding.ASCII.GetBytes(EcmaScriptNumber.Format(value) + "\n"));
        }
    }

    [Theory]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("-9007199254740993", "-9007199254740993")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("9007199254740994", "9007199254740994")]
    [InlineData("1000000000000000000000", "1e+21")]
    [InlineData("-0", "0")]
    [InlineData("1.0", "1")]
    public void Integers_that_no_double_holds_keep_their_digits(string json, string expected) =>
        Assert.Equal(expected, Canonical(json));

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""{"\udead":1}""")]
    [InlineData("1e400")]
    [InlineData("{")]
    [InlineData("NaN")]
    public void What_has_no_canonical_form_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => Canonical(json));

    [Fact]
    public void A_canonical_form_is_its_own()
    {
        var json = Canonical("""{"b":{"d":[1e5,"ü\u0001"],"c":{}},"a":[]}""");

        Assert.Equal("""{"a":[],"b":{"c":{},"d":[100000,"ü\u0001"]}}""", json);
        Assert.Equal(json, Canonical(json));
    }

    private static string Canonical(string json) =>
        Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    private static string Hex(string json) => Convert.ToHexStringLower(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));
}
