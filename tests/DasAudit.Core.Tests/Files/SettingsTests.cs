using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public class SettingsTests
{
    [Theory]
    [InlineData(
        "choose another {projection}, or leave {null-queries} out",
        "choose another --projection, or leave --null-queries out"
    )]
    [InlineData("'{folder}' is not there", "'{folder}' is not there")]
    [InlineData("{Projection} {} {-x} projection", "{Projection} {} {-x} projection")]
    public void Names_of_settings_are_written_as_asked_and_nothing_else_is(string message, string expected)
    {
        string[] known = ["projection", "null-queries"];
        Assert.Equal(expected, Settings.Write(message, name => known.Contains(name) ? "--" + name : null));
    }

    [Fact]
    public void A_name_is_found_again() =>
        Assert.Equal("<damping>", Settings.Write(Settings.Name("damping"), name => $"<{name}>"));
}
