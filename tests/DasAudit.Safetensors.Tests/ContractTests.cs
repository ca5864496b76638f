using DasAudit.Abstractions;

namespace DasAudit.Safetensors.Tests;

public sealed class ContractTests
{
    [Fact]
    public void Both_assemblies_of_the_contract_have_its_version() =>
        Assert.Equal(
            typeof(IModelAdapter).Assembly.GetName().Version,
            typeof(SafetensorsFile).Assembly.GetName().Version
        );
}
