using DasAudit.Cli.Settings;
using TorchSharp;

namespace DasAudit.Cli.Tests.Settings;

public sealed class DeviceChoiceTests
{
    [Theory]
    [InlineData("cpu", DeviceType.CPU, null, "cpu")]
    [InlineData("CPU", DeviceType.CPU, null, "cpu")]
    [InlineData("cuda", DeviceType.CUDA, null, "cuda")]
    [InlineData("cuda:0", DeviceType.CUDA, 0, "cuda:0")]
    [InlineData("cuda:12", DeviceType.CUDA, 12, "cuda:12")]
    public void It_names_a_processor_or_a_GPU(string text, DeviceType type, int? number, string written)
    {
        var choice = DeviceChoice.Parse(text);

        Assert.Equal(type, choice.Type);
        Assert.Equal(number, choice.Number);
        Assert.Equal(written, choice.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu:1")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:1:2")]
    [InlineData("cuda:99999999999")]
    [InlineData("mps")]
    public void Anything_else_is_refused_with_what_is_taken(string text) =>
        Assert.Equal(
            $"takes one of cpu, cuda, cuda:N (N the number of a GPU, from 0), not '{text}'.",
            Assert.Throws<FormatException>(() => DeviceChoice.Parse(text)).Message
        );
}
